import type { Coverage, Event, Unreadable } from '../../event/index.ts';
import { CoverageCount } from '../shape.ts';
import { isObject, type Json } from '../wazuh/values.ts';
import { cloudTrailRecord } from './cloudtrail/record.ts';
import { type GuardDutyFinding, guardDutyFindings } from './guardduty/finding.ts';
import { notFinding } from './guardduty/shape.ts';
import { Recent } from './recent.ts';
import { Tally, type Tallying } from './tally.ts';

/**
 * Reads what AWS' log buckets, queues and rules hold: records of CloudTrail and findings of GuardDuty, told apart by what
 * they are, not by where they lay. A record that comes again is no event; nor is a finding, unless it was updated.
 */
export class AwsReader implements Tallying {
  readonly #recent = new Recent();
  readonly #count = new CoverageCount();
  readonly #tally = new Tally();
  readonly #samples: boolean;

  /** With `samples`, also the findings that GuardDuty makes up on request. */
  constructor({ samples }: { readonly samples: boolean }) {
    this.#samples = samples;
  }

  /** The events of one record, and why it, or a part of it, is none. */
  read(text: string): readonly (Event | Unreadable)[] {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [this.#refuse('not JSON')];
    }
    return isObject(value) ? this.readObject(value, text) : [this.#refuse('not a JSON object')];
  }

  /** The same of a record that is parsed already; `raw` is its text. */
  readObject(value: Json, raw: string): readonly (Event | Unreadable)[] {
    const call = cloudTrailRecord(value, raw);
    if (!('reason' in call)) return this.#keep(call.type, call.copy, call.event);
    const read: (Event | Unreadable)[] = [];
    for (const finding of guardDutyFindings(value, raw)) {
      if (!('reason' in finding)) read.push(...this.#finding(finding));
      else {
        const nothing = finding.reason === notFinding;
        read.push(this.#refuse(nothing ? `${call.reason}; and ${notFinding}` : finding.reason));
      }
    }
    return read;
  }

  coverage(): Coverage {
    return this.#count.coverage();
  }

  /** Records by CloudTrailType or FindingShape; `copy` for those that came before, `sample` for samples left out. */
  tally(): ReturnType<Tally['tally']> {
    return this.#tally.tally();
  }

  #finding({ shape, sample, event }: GuardDutyFinding): readonly Event[] {
    if (sample && !this.#samples) return this.#keep('sample', undefined, undefined);
    const { 'aws.finding.count': count, 'aws.finding.updated': updated } = event.fields;
    return this.#keep(shape, `${event.id} ${event.time} ${updated} ${count}`, event);
  }

  #keep(type: string, copy: string | undefined, event: Event | undefined): readonly Event[] {
    this.#count.understood();
    const again = copy !== undefined && !this.#recent.isNew(copy);
    this.#tally.add(again ? 'copy' : type);
    return again || event === undefined ? [] : [event];
  }

  #refuse(reason: string): Unreadable {
    this.#count.unknown(reason);
    return { reason };
  }
}
