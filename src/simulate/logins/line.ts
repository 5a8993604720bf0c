import type { Random } from '../../algorithms/random.ts';
import { type Address, address4, address6, type Block, type Network, site6 } from './networks.ts';
import type { City } from './places.ts';

export interface LineHabit {
  /** How likely another address is on a new day. */
  readonly daily: number;
  /** How likely another address is on each new connection. */
  readonly each: number;
  /** IPv6 is used where the network and the server have it. */
  readonly dual: boolean;
}

const blocksIn = (network: Network, city: City, version: 4 | 6): readonly Block[] => {
  const local = network.blocks.filter((block) => block.city === city && block.version === version);
  return local.length > 0 || version === 6 ? local : network.blocks.filter((block) => block.version === 4);
};

/** A connection to the internet: at home, in an office, a phone or a VPN; its address changes as such lines' do. */
export class Line {
  readonly network: Network;
  readonly city: City;
  readonly #habit: LineHabit;
  readonly #random: Random;
  readonly #blocks: readonly Block[];
  readonly #block6: Block | undefined;
  #block: Block;
  #address: Address;
  #site = 0;
  #privacy: Address | undefined;
  #day = -1;

  constructor(network: Network, city: City, habit: LineHabit, random: Random) {
    this.network = network;
    this.city = city;
    this.#habit = habit;
    this.#random = random;
    this.#blocks = blocksIn(network, city, 4);
    this.#block6 = habit.dual ? blocksIn(network, city, 6)[0] : undefined;
    this.#block = random.pick(this.#blocks);
    this.#address = address4(this.#block, random);
    this.#site = random.integer(65_536);
  }

  /** The address in use on a day; days do not go back. `v6` says that the server has IPv6. */
  address(day: number, v6: boolean): Address {
    const random = this.#random;
    const renews =
      random.next() < (day === this.#day ? this.#habit.each : Math.max(this.#habit.daily, this.#habit.each));
    if (renews) {
      if (random.next() < 0.3) this.#block = random.pick(this.#blocks);
      this.#address = address4(this.#block, random);
      if (random.next() < 0.3) this.#site = random.integer(65_536);
    }
    const block = this.#block6;
    if (block !== undefined && (renews || day !== this.#day || this.#privacy === undefined))
      this.#privacy = address6(block, site6(block, this.#site), random);
    this.#day = day;
    return v6 && this.#privacy !== undefined ? this.#privacy : this.#address;
  }
}
