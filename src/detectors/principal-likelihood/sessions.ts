import { murmur3 } from '../../text/hashing.ts';
import * as attack from './attack.ts';
import { type Call, networkOf } from './call.ts';
import { softly } from './compare.ts';
import { levels } from './network.ts';
import { type Owner, sums } from './owner.ts';
import { termAt, type Verdict } from './terms.ts';

/** So many sessions are remembered; those unused the longest go. */
const mostSessions = 65_536;
/** So many networks of a session: a second one is strange, a fourth says nothing more. */
const mostNetworks = 4;
/** A principal is taken to have had so many sessions of the usual kind. */
const assumed = 20;
const fields = 3;

/** The networks that temporary credentials were used from: network, provider and address of each, the first first. */
type Networks = number[];

/**
 * Where sessions were first used. Temporary credentials stay where they were issued; who uses them from another network
 * has stolen them. Will Bengtson, "Detecting Credential Compromise in AWS" (Black Hat 2018).
 */
export class Sessions {
  readonly #networks: Map<number, Networks>;

  constructor(networks = new Map<number, Networks>()) {
    this.#networks = networks;
  }

  find({ lock }: Call): Networks | undefined {
    return lock === '' ? undefined : this.#networks.get(keyOf(lock));
  }

  /** Take a call in; whether its session is new, and whether its network is new to it. */
  learn(call: Call): 'begun' | 'moved' | 'same' {
    const network = networkOf(call);
    if (call.lock === '' || network < 0) return 'same';
    const key = keyOf(call.lock);
    const networks = this.#networks.get(key);
    this.#networks.delete(key);
    if (networks === undefined) {
      if (this.#networks.size >= mostSessions) this.#networks.delete(this.#networks.keys().next().value as number);
      this.#networks.set(key, [network, call.asn, call.high]);
      return 'begun';
    }
    this.#networks.set(key, networks);
    if (isOneOf(networks, network, call.asn)) return 'same';
    if (networks.length < mostNetworks * fields) networks.push(network, call.asn, call.high);
    return 'moved';
  }

  /** Key and networks of each, those unused the longest first. */
  save(): Float64Array {
    const numbers: number[] = [];
    for (const [key, networks] of this.#networks) numbers.push(key, networks.length, ...networks);
    return Float64Array.from(numbers);
  }

  /** Throws RangeError for what `save` did not give. */
  static load(numbers: Float64Array): Sessions {
    const networks = new Map<number, Networks>();
    for (let at = 0; at < numbers.length; ) {
      const [key, length] = [numbers[at] as number, numbers[at + 1] as number];
      const isWhole = Number.isInteger(length) && length > 0 && length % fields === 0;
      if (!(isWhole && length <= mostNetworks * fields && at + 2 + length <= numbers.length && key >= 0))
        throw new RangeError('The sessions are cut short.');
      networks.set(key, Array.from(numbers.subarray(at + 2, at + 2 + length)));
      at += 2 + length;
    }
    return new Sessions(networks);
  }
}

const keyOf = (lock: string): number => (murmur3(lock, 1) >>> 0) * 2 ** 20 + (murmur3(lock, 2) >>> 12);

function isOneOf(networks: Networks, network: number, asn: number): boolean {
  for (let at = 0; at < networks.length; at += fields)
    if (networks[at] === network || (asn >= 0 && networks[at + 1] === asn)) return true;
  return false;
}

/** What a session's second network says, or that it stays where it began. */
export function sessionTerm(verdict: Verdict, call: Call, owner: Owner | undefined, sessions: Sessions): void {
  const network = networkOf(call);
  const networks = network < 0 ? undefined : sessions.find(call);
  if (networks === undefined) return;
  const [began, moved] = owner === undefined ? [0, 0] : [owner.sum(sums.sessions), owner.sum(sums.moved)];
  const ordinary = (moved + assumed * attack.secondNetworkOrdinary(call.class)) / (Math.max(began, moved) + assumed);
  if (isOneOf(networks, network, call.asn)) {
    verdict.put(termAt['session-networks'], Math.log((1 - attack.secondNetwork) / (1 - ordinary)));
    return;
  }
  verdict.sessionFrom = networks;
  // A person's VPN goes up and down: between networks that both are known, that is no more than a trifle.
  const isKnown = verdict.level >= 0 && verdict.level <= levels.narrow;
  const nats = Math.max(0, Math.log(attack.secondNetwork / ordinary));
  verdict.put(termAt['session-networks'], softly(isKnown ? nats / 5 : nats, 6));
}
