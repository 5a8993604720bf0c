import { newnessOf } from '../../algorithms/newness.ts';
import type { PairLikelihood, PairVerdict } from '../../algorithms/pair-likelihood/index.ts';
import { providerKind } from '../../text/provider-kind.ts';
import * as attack from './attack.ts';
import type { Call } from './call.ts';
import { compare, type Known, softly } from './compare.ts';
import { absent, dimension } from './dimensions.ts';
import { type Owner, sums } from './owner.ts';
import { termAt, type Verdict } from './terms.ts';

/** The address, and all of the network together, in nats. */
const [mostPair, mostNetwork, mostService] = [10, 14, 8];
/** People travel, and with their own computer: Freeman et al. (2016) find most new networks of a person to be no intruder's. */
const [mostOfPerson, mostOfPersonWithOwn] = [10, 7];
/** What speaks for the principal is bounded too: its own machine may be the one that was broken into. */
const [leastPair, leastNetwork] = [-5, -6];
/** A network that rents out servers says no more in favour of who comes from elsewhere in it. */
const leastRented = -0.5;
/** Shares of a principal's own are relied on as far as it moved so many times. */
const moves = 4;
/** Among few principals, how addresses lie says little of others: so many count as much as the chain of prefixes. */
const few = 1500;

/** From where a call comes: address and network, provider and country, or what of AWS stands between. */
export function networkTerm(
  verdict: Verdict,
  call: Call,
  known: Known,
  pairs: PairLikelihood,
  principals: number,
): void {
  const { origin } = call;
  if (origin === '') return;
  const isService = origin === 'service';
  let nats = compare(verdict, known, dimension.origin, attack.agreeing.origin, attack.originShare(origin));
  if (origin === 'public') nats += publicPart(verdict, call, known, pairs, principals);
  else nats += compare(verdict, known, dimension.spot, attack.agreeing.spot, attack.spotShare(origin));
  if (verdict.values[dimension.endpoint] !== absent)
    nats += compare(verdict, known, dimension.endpoint, attack.agreeing.endpoint, attack.endpointShare);
  if (call.known !== '') nats += attack.trusted;
  verdict.put(
    isService ? termAt.service : termAt.network,
    bounded(nats, leastNetwork, isService ? mostService : mostOf(verdict, call)),
  );
}

/**
 * How much a network may say against a principal: less of a person who signed in with a second factor, which AWS does not
 * see of those who sign in elsewhere, and least with a program of theirs. A lasting key or a password alone is used by
 * whoever has it.
 */
function mostOf({ entries }: Verdict, { class: of, mfa, type, lock }: Call): number {
  if (of !== 'human' || lock === '' || (type === 'user' && mfa !== 1)) return mostNetwork;
  const ownProgram = (entries[dimension.agent] as number) >= 0 && (entries[dimension.platform] as number) >= 0;
  return ownProgram ? mostOfPersonWithOwn : mostOfPerson;
}

const bounded = (nats: number, least: number, most: number): number =>
  nats < 0 ? -softly(-nats, -least) : softly(nats, most);

/** A principal without habits has the number of none, of whom all is new. */
const nobody = 2 ** 24 - 1;

function publicPart(verdict: Verdict, call: Call, known: Known, pairs: PairLikelihood, principals: number): number {
  const { owner } = known;
  const pair = pairs.judge(owner?.entity ?? nobody, call.high, call.low < 0 ? undefined : call.low);
  verdict.pair = pair;
  verdict.level = levelOf(pair.bits, call.low < 0);
  const trust = pair.pairs === 0 ? 0 : principals / (principals + few);
  const chain = chainPart(verdict.level, pair, known);
  const nats = trust * bounded(pair.value, leastPair, mostPair) + (1 - trust) * chain;
  const byProvider = compare(verdict, known, dimension.asn, 0, attack.providerShare);
  note(verdict, known, dimension.country);
  if (call.asn < 0) return nats;
  if (owner === undefined || owner.learnt === 0) return nats + Math.min(3, byProvider) + kindPart(verdict, call);
  // Provider and country follow from a network that is known, and say nothing more.
  if (verdict.level <= levels.narrow) return nats;
  const isRented = providerKind(call.asn, call.organization) !== 'access';
  const more = providerPart(verdict, call, owner, isRented) + countryPart(verdict, call, owner);
  // Within a wide network the provider is the same, and only another would say something.
  const all = nats + (verdict.level === levels.wide ? Math.max(0, more) : more);
  // Neighbours on a rented network are strangers to each other.
  return isRented ? Math.max(leastRented, all) : all;
}

/** The narrowest network of an address that its principal is known from: the address, /24, /16 (IPv6: /64, /48, /32). */
export const levels = { address: 0, narrow: 1, wide: 2, none: 3 } as const;
const lengths = { v4: [32, 24, 16], v6: [64, 48, 32] } as const;

function levelOf(bits: number, isV4: boolean): number {
  const level = lengths[isV4 ? 'v4' : 'v6'].findIndex((length) => bits >= length);
  return level < 0 ? levels.none : level;
}

/** How often something new comes at a level, to principals with some history; nobody is so steady that it is never. */
const usual = [0, 0.1, 0.03, 0.01] as const;
const steadiest = [0, 0.02, 0.005, 2e-4] as const;

/** The principal's rate of calls from a network that is known at a level at best. */
function rateOf(owner: Owner | undefined, fade: number, pairs: number, level: number): number {
  if (owner === undefined || pairs === 0) return 1;
  const surprises = owner.sum(sums.newAddress + level - 1) * fade;
  return Math.max(steadiest[level] as number, newnessOf(surprises, pairs * fade, usual[level] as number));
}

/**
 * log p(an intruder comes from as near) − log p(the principal comes from there): what lies within the narrowest network
 * that is known is new to both. Where colleagues come from is cheap.
 */
function chainPart(level: number, pair: PairVerdict, { owner, fade }: Known): number {
  const near = attack.nearness[level] as number;
  const rate =
    level === levels.address ? 1 - rateOf(owner, fade, pair.pairs, 1) : rateOf(owner, fade, pair.pairs, level);
  const nats = Math.log(near / rate);
  if (level <= levels.narrow) return Math.max(leastPair, nats);
  const share = Math.min(1, Math.max(0, pair.others - 1) / (attack.shared.by - 1));
  return nats + share * Math.log(attack.shared.attack / attack.shared.ordinary);
}

/** Where a value is in the principal's habits, and who else has it. */
function note(verdict: Verdict, { owner, group, fleet }: Known, of: number): void {
  const value = verdict.values[of] as number;
  const entry = owner === undefined || value < 0 ? -1 : owner.bag(of).find(value);
  const own = entry >= 0 ? 1 : 0;
  verdict.entries[of] = entry;
  verdict.peers[of] = Math.max(0, fleet.heldInGroup(group, of, value) - own);
}

/** How often a network new to the principal was of a provider, or in a country, that is not. */
const staying = (owner: Owner, of: number, ordinary: number): number =>
  Math.min(0.98, Math.max(0.05, (owner.sum(of) + moves * ordinary) / (owner.sum(sums.networks) + moves)));

function providerPart(verdict: Verdict, call: Call, owner: Owner, isRented: boolean): number {
  if (owner.bag(dimension.asn).size === 0) return 0;
  const { attack: strangers, ordinary } = attack.providerKnown;
  const stays = staying(owner, sums.sameProvider, ordinary);
  if ((verdict.entries[dimension.asn] as number) >= 0)
    return Math.log((isRented ? attack.sameRented : strangers) / stays);
  return Math.log((1 - strangers) / (1 - stays)) + kindPart(verdict, call);
}

/** What kind of provider one is that is new. */
function kindPart(verdict: Verdict, call: Call): number {
  const kind = providerKind(call.asn, call.organization);
  verdict.newProvider = kind;
  const others =
    call.class === 'human' || call.class === 'unknown' ? attack.providers.person : attack.providers.program;
  return Math.log(attack.providers.attack[kind] / others[kind]);
}

function countryPart(verdict: Verdict, call: Call, owner: Owner): number {
  if (call.country === '' || owner.bag(dimension.country).size === 0) return 0;
  const { attack: strangers, ordinary } = attack.countryKnown;
  const stays = staying(owner, sums.sameCountry, ordinary);
  const isKnown = (verdict.entries[dimension.country] as number) >= 0;
  return Math.log(isKnown ? strangers / stays : (1 - strangers) / (1 - stays));
}
