import type { Random } from '../../algorithms/random.ts';
import { apiOf, type Habit, habits } from './apis.ts';
import type { Call, Diary, Origin } from './call.ts';
import type { Identity } from './identity.ts';

/** Draws names by weight. */
export class Chooser {
  readonly #names: readonly string[];
  readonly #sums: readonly number[];

  constructor(table: readonly (readonly [name: string, weight: number])[]) {
    let sum = 0;
    this.#names = table.map(([name]) => name);
    this.#sums = table.map(([, weight]) => {
      sum += weight;
      return sum;
    });
  }

  pick(random: Random): string {
    const at = random.next() * this.#sums.at(-1)!;
    let low = 0;
    let high = this.#sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sums[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return this.#names[low]!;
  }
}

/** A habit as one person or program has it: some of it more, some less, and with a wide `spread` some of what is seldom never. */
export function taste(habit: Habit, spread: number, random: Random): Chooser {
  const table = habits[habit].map(([name, weight]) => [name, weight * Math.exp(spread * random.normal())] as const);
  return new Chooser(table.filter((_, i) => random.next() > 0.15 || spread < 0.3 || habits[habit][i]![1] > 5));
}

export interface Burst {
  readonly from: number;
  readonly count: number;
  /** Mean milliseconds between two calls. */
  readonly gap: number;
  readonly by: Identity;
  readonly region: string;
  readonly origin: Origin | ((api: string) => Origin);
  readonly agent: string | ((api: string) => string);
  readonly api: () => string;
  readonly target?: (api: string) => string | undefined;
  /** Share of calls refused. */
  readonly refused?: number;
}

/** Calls one after another; returns when the last was. Refused calls are reads and writes alike. */
export function burst(diary: Diary, { from, count, gap, by, region, api, ...rest }: Burst): number {
  const { random } = diary;
  let time = from;
  for (let i = 0; i < count; i++) {
    const name = api();
    const { agent, origin, target, refused = 0.01 } = rest;
    const about = target?.(name);
    const failed = random.next() < refused;
    diary.add({
      time,
      account: by.account,
      region,
      by,
      api: name,
      from: typeof origin === 'function' ? origin(name) : origin,
      agent: typeof agent === 'function' ? agent(name) : agent,
      ...(about === undefined ? {} : { target: about }),
      ...(failed ? { error: refusal(name, random) } : {}),
    });
    time += Math.ceil(-Math.log(1 - random.next()) * gap) + 50;
  }
  return time;
}

function refusal(name: string, random: Random): string {
  if (random.next() < 0.1) return 'ThrottlingException';
  return apiOf(name).service === 'ec2' ? 'Client.UnauthorizedOperation' : 'AccessDenied';
}

/** What a role in one account takes on in another: both accounts have a record of it. */
export function assume(
  diary: Diary,
  call: Omit<Call, 'id' | 'account' | 'api'>,
  account: string,
  as: (call: Omit<Call, 'id' | 'account' | 'api'>) => Identity,
): void {
  const api = 'sts:AssumeRole';
  if (account === call.by.account) {
    diary.add({ ...call, account, api });
    return;
  }
  const shared = diary.id();
  diary.add({ ...call, account: call.by.account, api, shared });
  diary.add({ ...call, account, api, shared, by: as(call) });
}
