import type { Reason } from '../../event/index.ts';
import { wordsAddress } from '../../text/entity-ip.ts';
import { shorten } from '../../text/escape.ts';
import { prefix } from '../../text/ip.ts';
import type { Nearest } from './history.ts';
import type { Pair } from './pair.ts';

const grouped = (count: number): string => Math.round(count).toLocaleString('en-GB');
const times = (count: number): string => (count === 1 ? 'once' : `${grouped(count)} times`);
const name = ({ entity }: Pair): string => shorten(entity, 64);

export const unseen = (pair: Pair): Reason => ({
  code: 'entity-unseen',
  text: `${name(pair)} was not there when the model was fitted, so nothing can be said about where ${name(pair)} is usually seen.`,
  evidence: { entity: pair.entity },
});

export const unlearntFamily = ({ ip }: Pair): Reason => ({
  code: 'family-unlearnt',
  text: `No ${ip.includes(':') ? 'IPv6' : 'IPv4'} address was learnt from, so nothing can be said about ${ip}.`,
  evidence: { address: ip },
});

/** Fewer bits in common are a coincidence. */
const leastBits = 8;

/** How near the entity's own addresses come. IPv6 is looked at up to its first 64 bits. */
export function nearestReason(pair: Pair, nearest: Nearest | undefined): Reason {
  const { ip, low } = pair;
  const who = name(pair);
  if (nearest === undefined || nearest.bits < leastBits) {
    const addresses = nearest?.addresses ?? 0;
    const known = addresses === 0 ? '' : `; none of its ${grouped(addresses)} known addresses is near`;
    return {
      code: 'network-new',
      text: `${who} was never seen from a network like that of ${ip}${known}.`,
      evidence: { address: ip, addresses, bits: nearest?.bits ?? 0 },
    };
  }
  const whole = low === undefined ? 32 : 64;
  const [bits, { count }] = [Math.min(whole, nearest.bits), nearest];
  const evidence = { address: ip, bits, pairs: count };
  const network = prefix(ip, bits);
  if (bits === whole) {
    const place = low === undefined ? ip : `${network}, the network of ${ip}`;
    return { code: 'address-known', text: `${who} was seen from ${place}, ${times(count)} before.`, evidence };
  }
  const known = low === undefined ? wordsAddress(nearest.high) : prefix(wordsAddress(nearest.high, nearest.low), 64);
  return {
    code: 'network-nearest',
    text: `The nearest that ${who} was seen from is ${known}: ${ip} shares ${bits} bits with it, and ${network} was seen ${times(count)}.`,
    evidence: { ...evidence, nearest: known },
  };
}

/** Beyond, odds are only a very big number. */
const mostOdds = 6;

export function dotProductReason(pair: Pair, dotProduct: number): Reason {
  const decades = Math.min(mostOdds, Math.abs(dotProduct) / Math.LN10);
  const odds = `${decades === mostOdds ? 'more than ' : ''}${grouped(Math.max(1, Number((10 ** decades).toPrecision(2))))}`;
  const text =
    dotProduct < 0
      ? `By what was learnt the address does not go with ${name(pair)}: ${odds} to 1 against it (dot product ${dotProduct.toFixed(2)}).`
      : `By what was learnt the address goes with ${name(pair)}: ${odds} to 1 for it (dot product ${dotProduct.toFixed(2)}).`;
  return { code: 'dot-product', text, evidence: { dot_product: Number(dotProduct.toPrecision(6)) } };
}
