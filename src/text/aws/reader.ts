import type { Coverage, Event, Unreadable } from '../../event/index.ts';
import { CoverageCount } from '../shape.ts';
import { type AwsRecord, awsRecords } from './any.ts';
import { Recent } from './recent.ts';
import { Tally, type Tallying } from './tally.ts';

/**
 * Reads what AWS' log buckets, queues and rules hold, with a memory: a record of CloudTrail that comes again is no event,
 * nor is a finding of GuardDuty, unless it was updated. Sample findings are left out unless `samples`.
 */
export class AwsReader implements Tallying {
  readonly #recent = new Recent();
  readonly #count = new CoverageCount();
  readonly #tally = new Tally();
  readonly #samples: boolean;

  constructor({ samples }: { readonly samples: boolean }) {
    this.#samples = samples;
  }

  /** The events of one record, which may be in an envelope, and why it, or a part of it, is none. */
  read(text: string): readonly (Event | Unreadable)[] {
    const items: (Event | Unreadable)[] = [];
    for (const read of awsRecords(text)) {
      if ('reason' in read) {
        this.#count.unknown(read.reason);
        items.push(read);
        continue;
      }
      this.#count.understood();
      const type = this.#typeOf(read);
      this.#tally.add(type);
      if (type === read.type && read.event !== undefined) items.push(read.event);
    }
    return items;
  }

  coverage(): Coverage {
    return this.#count.coverage();
  }

  /** Records by CloudTrailType or FindingShape; `copy` for those that came before, `sample` for samples left out. */
  tally(): ReturnType<Tally['tally']> {
    return this.#tally.tally();
  }

  #typeOf(read: AwsRecord): string {
    if (read.of === 'guardduty' && read.sample && !this.#samples) return 'sample';
    const copy = read.of === 'cloudtrail' ? read.copy : versionOf(read.event);
    return copy === undefined || this.#recent.isNew(copy) ? read.type : 'copy';
  }
}

/** The same for every copy of a finding until it is updated. */
function versionOf({ id, time, fields }: Event): string {
  return `${id} ${time} ${fields['aws.finding.updated']} ${fields['aws.finding.count']}`;
}
