/** What a provider's number and name tell of those who come from it. */
export type ProviderKind = 'access' | 'hosting' | 'vpn' | 'tor';

const hostingWords =
  /\b(?:hosting|hosted|hoster|cloud|vps|servers?|data ?cent(?:er|re)s?|dedicated|colo(?:cation)?|compute)\b/i;
const vpnWords = /\b(?:vpn|prox(?:y|ies)|privacy|anonym\w*)\b/i;
const torWords = /\b(?:tor|relays?|exit)\b/i;
/** Large ones whose names do not say it. https://www.peeringdb.com lists them as "Content" or "Enterprise". */
const hosters: ReadonlySet<number> = new Set([
  8075, 8560, 9009, 12876, 13335, 14061, 14618, 15169, 16276, 16509, 19318, 20473, 20940, 24940, 26496, 28753, 29802,
  30633, 31898, 35916, 36351, 37963, 39351, 40021, 40676, 45090, 45102, 46606, 47583, 49505, 49981, 50304, 51167, 51396,
  51852, 53667, 54825, 55286, 55293, 60068, 60781, 62240, 62567, 63023, 63949, 132203, 136907, 197540, 200651, 202425,
  210644, 212238, 213230, 396982, 398101, 400328,
]);

/** Whether a provider rents out servers or hides where its users are, as far as its number and name tell. */
export function providerKind(asn: number, name: string): ProviderKind {
  if (torWords.test(name)) return 'tor';
  if (vpnWords.test(name)) return 'vpn';
  return hosters.has(asn) || hostingWords.test(name) ? 'hosting' : 'access';
}
