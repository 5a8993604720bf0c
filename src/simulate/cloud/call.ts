import type { Random } from '../../algorithms/random.ts';
import type { Identity } from './identity.ts';

/** Where a call comes from, as CloudTrail writes it. */
export interface Origin {
  /** An address, a service's domain, or `AWS Internal`. */
  readonly ip: string;
  readonly endpoint?: string;
}

/** A call of an API before it is written out. */
export interface Call {
  /** Epoch milliseconds. */
  readonly time: number;
  /** The account in whose trail it is. */
  readonly account: string;
  readonly region: string;
  readonly by: Identity;
  /** `ec2:RunInstances` */
  readonly api: string;
  readonly from: Origin;
  readonly agent: string;
  /** What it is about: a bucket, a role, an instance. */
  readonly target?: string;
  readonly error?: string;
  /** The same for the copies in several accounts. */
  readonly shared?: string;
  /** Parts of the record that stand for themselves. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly eventType?: 'AwsConsoleSignIn' | 'AwsServiceEvent';
  /** A UUID. */
  readonly id: string;
}

/** Spreads 32 bits over 32 bits, one to one. */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** A UUID of version 4's form that no other pair of numbers has; each below 2^32. */
export function uuid(seed: number, stream: number, number: number): string {
  const first = mix(stream + Math.imul(seed, 0x9e3779b1));
  const last = mix(number + first);
  const middle = hex(mix(last ^ 0x5bd1e995));
  const ends = hex(mix(first ^ last));
  const variant = '89ab'[first & 3];
  return `${hex(first)}-${middle.slice(0, 4)}-4${middle.slice(4, 7)}-${variant}${ends.slice(0, 3)}-${ends.slice(4)}${hex(last)}`;
}

/** Calls of one actor on one day, or of one incident, with ids of their own; the same whenever they are made again. */
export class Diary {
  readonly calls: Call[] = [];
  readonly random: Random;
  readonly #seed: number;
  readonly #stream: number;
  #count = 0;

  constructor(seed: number, stream: number, random: Random) {
    this.#seed = seed;
    this.#stream = stream;
    this.random = random;
  }

  id(): string {
    return uuid(this.#seed, this.#stream, this.#count++);
  }

  add(call: Omit<Call, 'id'>): Call {
    const made = { ...call, id: this.id() };
    this.calls.push(made);
    return made;
  }
}
