import type { Coverage, Event, Unreadable } from '../../event/index.ts';
import { cloudTrailRecord } from '../../text/aws/cloudtrail/record.ts';
import { Recent } from '../../text/aws/recent.ts';
import { Tally, type Tallying } from '../../text/aws/tally.ts';
import { CoverageCount } from '../../text/shape.ts';
import { isObject } from '../../text/wazuh/values.ts';

/** Reads records of CloudTrail, each from a text of its own. Copies of a record are read once, digests not at all. */
export class CloudTrailReader implements Tallying {
  readonly #recent = new Recent();
  readonly #count = new CoverageCount();
  readonly #tally = new Tally();

  read(text: string): readonly Event[] | Unreadable {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#refuse('not JSON');
    }
    if (!isObject(value)) return this.#refuse('not a JSON object');
    const record = cloudTrailRecord(value, text);
    if ('reason' in record) return this.#refuse(record.reason);
    this.#count.understood();
    const { type, event, copy } = record;
    if (copy !== undefined && !this.#recent.isNew(copy)) {
      this.#tally.add('copy');
      return [];
    }
    this.#tally.add(type);
    return event === undefined ? [] : [event];
  }

  coverage(): Coverage {
    return this.#count.coverage();
  }

  /** Records by CloudTrailType, and `copy` for those that came before. */
  tally(): ReturnType<Tally['tally']> {
    return this.#tally.tally();
  }

  #refuse(reason: string): Unreadable {
    this.#count.unknown(reason);
    return { reason };
  }
}
