import { hash } from 'node:crypto';
import * as v from 'valibot';
import type { Event } from '../event/index.ts';
import type { ObjectNotice } from '../text/aws/notification.ts';
import type { Candidate } from '../triage/judge.ts';

const bytes = 6;
const hour = 3_600_000;
/** Objects, events and findings that are remembered. */
const most = { objects: 16_384, events: 65_536, told: 4_096 } as const;
type Kind = keyof typeof most;
const kinds = Object.keys(most) as Kind[];

const saved = v.object({ objects: v.string(), events: v.string(), told: v.string() });

/**
 * What was taken in already, kept with the model so that the two agree: S3, SQS and EventBridge deliver at least once.
 * The latest of each kind, by 48 bits of their SHA-256.
 */
export class Seen {
  readonly #sets: Readonly<Record<Kind, Set<number>>> = { objects: new Set(), events: new Set(), told: new Set() };

  /** What `save` gave; anything else is nothing. */
  static load(from: unknown): Seen {
    const seen = new Seen();
    const read = v.safeParse(saved, from);
    if (!read.success) return seen;
    for (const kind of kinds) {
      const packed = Buffer.from(read.output[kind], 'base64');
      for (let at = 0; at + bytes <= packed.length; at += bytes) seen.#add(kind, packed.readUIntBE(at, bytes));
    }
    return seen;
  }

  save(): unknown {
    const packed = kinds.map((kind) => {
      const set = this.#sets[kind];
      const all = Buffer.allocUnsafe(bytes * set.size);
      let at = 0;
      for (const value of set) at = all.writeUIntBE(value, at, bytes);
      return [kind, all.toString('base64')] as const;
    });
    return Object.fromEntries(packed);
  }

  hasObject(object: ObjectNotice): boolean {
    return this.#sets.objects.has(digest(nameOf(object)));
  }

  /** Whether it was not among them. It is now. */
  isNewObject(object: ObjectNotice): boolean {
    return this.#isNew('objects', nameOf(object));
  }

  /** A finding's update is new where it names another address, call or severity, not where it counts on. */
  isNewEvent({ id, time, kind, fields }: Event): boolean {
    const more =
      kind === 'finding'
        ? ['source.ip', 'aws.finding.remote_ips', 'event.action', 'user_agent.original', 'event.severity']
        : ['event.action'];
    return this.#isNew('events', [id, kind === 'finding' ? 0 : time, ...more.map((field) => fields[field] ?? null)]);
  }

  /** Alike findings are told once in an hour, unless one is about twice as strange. */
  isNewTold({ entity, event, score }: Candidate): boolean {
    if (score.group === undefined) return true;
    const strange = Math.round(Math.log2(Math.max(1, score.value)));
    const { type, name } = entity;
    return this.#isNew('told', [type, name, event.kind, score.group, Math.floor(event.time / hour), strange]);
  }

  #isNew(kind: Kind, name: readonly unknown[]): boolean {
    const value = digest(name);
    if (this.#sets[kind].has(value)) return false;
    this.#add(kind, value);
    return true;
  }

  #add(kind: Kind, value: number): void {
    const set = this.#sets[kind];
    set.add(value);
    for (const oldest of set) {
      if (set.size <= most[kind]) break;
      set.delete(oldest);
    }
  }
}

const nameOf = ({ bucket, key, version, etag }: ObjectNotice) => [bucket, key, version ?? etag ?? ''];

const digest = (name: readonly unknown[]): number =>
  hash('sha256', JSON.stringify(name), 'buffer').readUIntBE(0, bytes);
