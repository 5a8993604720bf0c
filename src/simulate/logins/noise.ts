import type { Random } from '../../algorithms/random.ts';
import { dayLength, second } from './clock.ts';
import { type Address, address4, type Block } from './networks.ts';
import type { Plan } from './plan.ts';
import { failure, type Purpose, type Step } from './step.ts';
import { networksOf, shuffled } from './world.ts';

const background: Purpose = { attack: false, scenario: 'background', incident: '' };

const names =
  'root root root root admin admin ubuntu test user oracle postgres git pi ftpuser guest deploy mysql hadoop nagios es jenkins www minecraft steam debian ec2-user support'.split(
    ' ',
  );

/** The guessing that every server on the internet sees all day: root, admin and invented users, always in vain. */
export class Noise {
  readonly #plan: Plan;
  readonly #blocks: readonly Block[];
  readonly #random: Random;
  #bots: Address[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#random = plan.random.fork('noise');
    const abroad = networksOf(plan.world, 'home').filter(({ country }) => country !== plan.world.country);
    const all = [...networksOf(plan.world, 'hosting'), ...networksOf(plan.world, 'hosting'), ...abroad];
    this.#blocks = shuffled(
      all.flatMap(({ blocks }) => blocks),
      this.#random,
    ).filter(({ version }) => version === 4);
  }

  *day(day: number): Generator<Step> {
    const { calendar, fleet, noise } = this.#plan;
    const random = this.#random;
    const begins = calendar.start + day * dayLength;
    // Most of yesterday's addresses are still at it.
    this.#bots = this.#bots.filter(() => random.next() < 0.6);
    while (this.#bots.length < 25) this.#bots.push(address4(random.pick(this.#blocks), random));
    for (let left = Math.round(450 * noise); left > 0; ) {
      const from = random.pick(this.#bots);
      const host = fleet[Math.floor(fleet.length * random.next() ** 2)] as (typeof fleet)[number];
      let time = begins + random.integer(dayLength);
      for (let tries = 1 + random.integer(8); tries > 0 && left > 0; tries--, left--) {
        const user = random.pick(names);
        yield* failure({ time, host, user, from, purpose: background }, 'password', random, user !== 'root');
        time += Math.round((2 + random.next() * 20) * second);
      }
    }
  }
}
