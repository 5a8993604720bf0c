import { murmur3 } from '../../text/hashing.ts';
import { providerKind } from '../../text/provider-kind.ts';
import * as attack from './attack.ts';
import { type Call, networkOf } from './call.ts';
import { type Known, softly } from './compare.ts';
import { dimension } from './dimensions.ts';
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
/** Sessions with a strange network are kept in mind, so many, for so long. */
const [mostSightings, lately] = [4096, 3_600_000];
/** What is strange enough, in nats. */
const strange = 2;
/** A provider that a principal comes from less often is none of its usual ones. */
const usualShare = 0.05;

/** The networks that temporary credentials were used from: network, provider and address of each, the first first. */
type Networks = number[];

/**
 * Where sessions were first used. Temporary credentials stay where they were issued; who uses them from another network
 * has stolen them. Will Bengtson, "Detecting Credential Compromise in AWS" (Black Hat 2018).
 */
export class Sessions {
  readonly #networks: Map<number, Networks>;
  readonly #sightings: Map<string, Sighting>;

  constructor(networks = new Map<number, Networks>(), sightings: Iterable<readonly [string, Sighting]> = []) {
    this.#networks = networks;
    this.#sightings = new Map(sightings);
  }

  find({ lock }: Call): Networks | undefined {
    return lock === '' ? undefined : this.#networks.get(keyOf(lock));
  }

  /** The strange network that the session of a call was last used from. */
  sighting({ lock }: Call): Sighting | undefined {
    return this.#sightings.get(lock);
  }

  /** Keep in mind where a session is used from, learnt or not, when that is strange. */
  sight(call: Call, { parts }: Verdict): void {
    if (call.lock === '' || call.origin !== 'public') return;
    const nats = (parts[termAt.network] as number) + (parts[termAt['session-networks']] as number);
    if (nats < strange) return;
    this.#sightings.delete(call.lock);
    if (this.#sightings.size >= mostSightings) this.#sightings.delete(this.#sightings.keys().next().value as string);
    this.#sightings.set(call.lock, { nats, time: call.time, from: call.from });
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
    if (isOneOf(networks, network, call)) return 'same';
    if (networks.length < mostNetworks * fields) networks.push(network, call.asn, call.high);
    return 'moved';
  }

  /** Sessions of late with the strange network of each. */
  sightings(): [string, Sighting][] {
    return [...this.#sightings];
  }

  /** Key and networks of each, those unused the longest first. */
  save(): Float64Array {
    const numbers: number[] = [];
    for (const [key, networks] of this.#networks) numbers.push(key, networks.length, ...networks);
    return Float64Array.from(numbers);
  }

  /** Throws RangeError for what `save` did not give. */
  static load(numbers: Float64Array, sightings: Iterable<readonly [string, Sighting]>): Sessions {
    const networks = new Map<number, Networks>();
    for (let at = 0; at < numbers.length; ) {
      const [key, length] = [numbers[at] as number, numbers[at + 1] as number];
      const isWhole = Number.isInteger(length) && length > 0 && length % fields === 0;
      if (!(isWhole && length <= mostNetworks * fields && at + 2 + length <= numbers.length && key >= 0))
        throw new RangeError('The sessions are cut short.');
      networks.set(key, Array.from(numbers.subarray(at + 2, at + 2 + length)));
      at += 2 + length;
    }
    return new Sessions(networks, sightings);
  }
}

const keyOf = (lock: string): number => (murmur3(lock, 1) >>> 0) * 2 ** 20 + (murmur3(lock, 2) >>> 12);

/** A provider's customers in their homes move within it; who rents a server there is next to everybody else's. */
const isSame = (networks: Networks, at: number, network: number, { asn, organization, class: of }: Call): boolean =>
  networks[at] === network ||
  (asn >= 0 && networks[at + 1] === asn && of !== 'instance' && providerKind(asn, organization) === 'access');

function isOneOf(networks: Networks, network: number, call: Call): boolean {
  for (let at = 0; at < networks.length; at += fields) if (isSame(networks, at, network, call)) return true;
  return false;
}

/** Whether the principal often comes from a provider, or from the very network. */
function isUsual(owner: Owner | undefined, asn: number, verdict: Verdict | undefined): boolean {
  if (owner === undefined) return false;
  if (asn < 0) return verdict === undefined || (verdict.level >= 0 && verdict.level <= levels.narrow);
  const bag = owner.bag(dimension.asn);
  const entry = bag.find(asn);
  if (entry < 0 || bag.weight(entry) < usualShare * bag.total) return false;
  return verdict === undefined || (verdict.level >= 0 && verdict.level <= levels.wide);
}

/** A public network that a session was used from of late. */
export interface Sighting {
  /** How strange that was, in nats. */
  readonly nats: number;
  readonly time: number;
  readonly from: string;
}

/**
 * What a session's second network says, or that it stays where it began. A call through a service shows the service's
 * address: it came from where the session was used from of late.
 */
export function sessionTerm(
  verdict: Verdict,
  call: Call,
  { owner: habits }: Known,
  owner: Owner | undefined,
  sessions: Sessions,
): void {
  if (call.origin === 'service') {
    const last = sessions.sighting(call);
    if (last === undefined || Math.abs(call.time - last.time) > lately) return;
    verdict.through = last;
    verdict.put(termAt['session-networks'], 0.8 * last.nats);
    return;
  }
  const network = networkOf(call);
  const networks = network < 0 ? undefined : sessions.find(call);
  if (networks === undefined) return;
  const [began, moved] = owner === undefined ? [0, 0] : [owner.sum(sums.sessions), owner.sum(sums.moved)];
  const ordinary = (moved + assumed * attack.secondNetworkOrdinary(call.class)) / (Math.max(began, moved) + assumed);
  if (networks[0] === network) {
    verdict.put(termAt['session-networks'], Math.log((1 - attack.secondNetwork) / (1 - ordinary)));
    return;
  }
  const isProvider = isOneOf(networks, network, call);
  if (isProvider && (verdict.level <= levels.wide || networks.includes(network))) return;
  verdict.sessionFrom = networks;
  // A person's VPN goes up and down: between networks that both are known, that is no more than a trifle.
  const [, first = -1] = networks;
  const isKnown = isUsual(habits, call.asn, verdict) && isUsual(habits, first, undefined);
  const nats = Math.max(0, Math.log(attack.secondNetwork / ordinary));
  verdict.put(termAt['session-networks'], softly(isKnown ? nats / 5 : isProvider ? nats / 2 : nats, 6));
}
