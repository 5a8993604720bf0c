import { wordsAddress } from '../../text/entity-ip.ts';
import { shorten } from '../../text/escape.ts';
import { prefix } from '../../text/ip.ts';
import type { ProviderKind } from '../../text/provider-kind.ts';
import { capital, plural, times } from '../../text/words.ts';
import { dimension } from './dimensions.ts';
import { levels } from './network.ts';
import type { Evidence, Words } from './reasons.ts';

const natures: Readonly<Record<ProviderKind, string>> = {
  access: '',
  hosting: ', which rents out servers',
  vpn: ', which hides where its users are',
  tor: ', which hides where its users are',
};

/** From where a call came, and why that is strange or not. */
export function networkWords(words: Words, strange: boolean): readonly [text: string, evidence: Evidence] {
  const { call } = words;
  const from = shorten(call.from, 64);
  const evidence: Evidence = { address: from, ...(call.asn < 0 ? {} : { asn: call.asn }) };
  if (call.country !== '') evidence.country = shorten(call.country, 16);
  const { pair } = words.verdict;
  if (pair !== undefined) Object.assign(evidence, { bits: pair.bits, pairs: pair.count, others: pair.others });
  const text = strange ? against(words, from, evidence) : inFavour(words, from);
  return [
    call.known === '' ? text : `${text.slice(0, -1)}; the network is trusted (${shorten(call.known, 60)}).`,
    evidence,
  ];
}

function against(words: Words, from: string, evidence: Evidence): string {
  const { call, verdict, who, history, owner } = words;
  if (call.origin !== 'public') return insideAgainst(words, from);
  const here = hereOf(words, from);
  if (owner === undefined || words.learnt === 0) return `${here} is not where others like ${who} come from.`;
  const pair = verdict.pair;
  const near = pair?.nearest;
  const nearest =
    near === undefined ? '' : `; the nearest known address is ${addressWords(near[0] as number, near[1])}`;
  if (near !== undefined) evidence.nearest = addressWords(near[0] as number, near[1]);
  if (words.count(dimension.origin) === 0) return `${capital(who)} was never seen on the internet ${history}: ${here}.`;
  const providers = owner.bag(dimension.asn);
  const isNew = call.asn >= 0 && (verdict.entries[dimension.asn] as number) < 0 && providers.size > 0;
  if (isNew && providers.size === 1) {
    const only = providers.value(providers.heaviest());
    return `${capital(who)} was never seen outside AS${only} ${history}, and now at ${here}${nearest}.`;
  }
  if (isNew) return `${capital(who)} was never seen in AS${call.asn} ${history}: ${here}${nearest}.`;
  const some = (pair?.bits ?? -1) > 0 && (pair?.count ?? 0) > 0;
  if (some && isNear(words)) return `${capital(who)} seldom comes from the network of ${here}${nearest}.`;
  return `${capital(who)} was never seen near ${here} ${history}${nearest}.`;
}

const isNear = ({ verdict }: Words): boolean => verdict.level >= 0 && verdict.level <= levels.wide;

/** `198.18.9.9 (AS24940, Hetzner, FI), which rents out servers`. */
function hereOf({ call, verdict }: Words, from: string): string {
  const parts = [call.asn < 0 ? '' : `AS${call.asn}`, shorten(call.organization, 60), shorten(call.country, 16)];
  const known = parts.filter(Boolean).join(', ');
  return `${from}${known === '' ? '' : ` (${known})`}${verdict.newProvider === undefined ? '' : natures[verdict.newProvider]}`;
}

function insideAgainst(words: Words, from: string): string {
  const { call, who, history } = words;
  const endpoint = call.endpoint === '' ? '' : ` through the VPC endpoint ${shorten(call.endpoint, 40)}`;
  if (endpoint !== '' && words.count(dimension.spot) > 0 && words.count(dimension.endpoint) === 0)
    return `${capital(who)} never came${endpoint} ${history}, though from the inside network of ${from}.`;
  return `${capital(who)} is not known from the inside address ${from}${endpoint} ${history}.`;
}

function inFavour(words: Words, from: string): string {
  const { call, verdict, who } = words;
  if (call.origin !== 'public') {
    const before = words.count(dimension.spot);
    return `${capital(who)} was seen from the inside network of ${from} ${before === 0 ? 'as others are' : `${times(before)} before`}.`;
  }
  const pair = verdict.pair;
  if (pair !== undefined && pair.count > 0 && isNear(words)) {
    const bits = Math.min(pair.bits, call.low < 0 ? 32 : 64);
    const network = bits === 32 && call.low < 0 ? from : prefix(from, bits);
    return `${capital(who)} was seen from ${network} ${times(pair.count)} before.`;
  }
  if (pair !== undefined && pair.others > 0)
    return `The network of ${from} is one that ${plural(pair.others, 'other principal')} use${pair.others === 1 ? 's' : ''}.`;
  return `${hereOf(words, from)} is a network as others use.`;
}

/** An address; of IPv6 the network of its first half. */
export const addressWords = (high: number, low: number | undefined): string =>
  low === undefined ? wordsAddress(high) : `${wordsAddress(high, low)}/64`;
