import { type Reason, text } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import type { ProviderKind } from '../../text/provider-kind.ts';
import { about, date, duration, moment, plural, times } from '../../text/words.ts';
import { inside } from './login.ts';
import { addressText, narrow, provider } from './network.ts';
import { termAt } from './terms.ts';
import { session, sessionFields, type User } from './user.ts';
import { dimension } from './values.ts';
import type { About, Evidence, Said } from './words.ts';

const codes: readonly (string | undefined)[] = ['new-country', 'new-region', 'new-provider'];
const natures: Readonly<Record<ProviderKind, string>> = {
  access: '',
  hosting: ', which rents out servers',
  vpn: ', which hides where its users are',
  tor: ', which hides where its users are',
};

/** From where the login comes, against where its user comes from. */
export function networkWords(of: About): Said {
  const { login, user, verdict, name } = of;
  const { freshLevel, knownLevel, provider: kind, caseLogins } = verdict;
  const isInside = login.country === inside;
  const here = `${hereOf(of)}${natures[kind]}`;
  const evidence: Evidence = {
    address: login.from,
    ...(login.country && !isInside ? { country: login.country } : {}),
  };
  const asn = login.levels[provider] as number;
  if (asn >= 0) evidence.asn = asn;
  const usual = usualOf(of);
  if (freshLevel < 0) return ['rare-network', `${name} seldom comes from ${here}${usual}.`, evidence];
  const code = (isInside ? undefined : codes[freshLevel]) ?? 'new-network';
  const part = freshLevel > provider && freshLevel < narrow && knownLevel >= provider ? 'a new part of ' : '';
  // What a person takes for the network is the provider, where that is known.
  const level = freshLevel <= provider && asn >= 0 ? provider : freshLevel;
  const entry = verdict.entries[level] as number;
  const bag = user?.bag(level);
  if (bag !== undefined && entry >= 0) {
    const before = bag.count(entry);
    const known = bag.isDoubted(entry)
      ? `Came before, on ${date(bag.first(entry))}, and nobody has said that it was in order`
      : `New since ${date(bag.first(entry))}, with ${plural(before, 'login')} learnt so far`;
    return [code, `${known}: ${part}${here}${usual}.`, { ...evidence, before }];
  }
  if (caseLogins > 0 || verdict.parts[termAt.case] !== 0) {
    const those = caseLogins > 0 ? plural(caseLogins, 'login') : 'logins of more than a day ago';
    const known = `Known from ${those} alone, not trusted yet`;
    return [code, `${known}: ${part}${here}${usual}.`, { ...evidence, before: caseLogins }];
  }
  return [code, `First login from ${part}${here}${usual}.`, evidence];
}

/** `Hetzner (AS24940) in Helsinki, FI`, as far as it is known. */
function hereOf({ event, login }: About): string {
  const { levels, city, country, provider: name, from } = login;
  if (country === inside) return `the private address ${from}`;
  const asn = levels[provider] as number;
  const who = asn < 0 ? from : name === '' ? `AS${asn}` : `${shorten(name, 60)} (AS${asn})`;
  const land = text(event, 'source.geo.country_name') ?? country;
  const place = [...new Set([city, land])].filter(Boolean).join(', ');
  return place === '' ? who : `${who} in ${shorten(place, 80)}`;
}

/** `; alice has come from AS3320 in Berlin 212 times since 3 May 2026`: where the user usually comes from. */
function usualOf(of: About): string {
  const { login, user, name } = of;
  if (user === undefined || user.learnt === 0) return '';
  const bag = user.bag(dimension.provider);
  const entry = bag.heaviest();
  const asn = entry < 0 ? login.levels[provider] : bag.value(entry);
  if (entry >= 0 && asn === login.levels[provider] && bag.size === 1) return '';
  if (entry < 0) return `; ${name} has logged in ${times(user.learnt)} since ${date(user.since)}`;
  const where = `AS${asn}${cityOf(of, user, bag.value(entry))}`;
  return `; ${name} has come from ${where} ${times(bag.count(entry))} since ${date(bag.first(entry))}`;
}

function cityOf({ known }: About, { sessions }: User, asn: number): string {
  for (let at = 0; at < sessions.length; at += sessionFields) {
    const city = known.names.word(sessions[at + session.city] as number);
    if (sessions[at + session.asn] === asn && city !== undefined) return ` in ${city}`;
  }
  return '';
}

/** The journey that was too fast. */
export function travelWords({ login, user, verdict, known }: About): Said {
  const { tripFrom, kilometres, kilometresAnHour } = verdict;
  const { sessions } = user as User;
  const passed = login.time - (sessions[tripFrom + session.time] as number);
  const city = known.names.word(sessions[tripFrom + session.city] as number);
  const ago = passed < 0 ? `${duration(passed)} later` : `${duration(passed)} ago`;
  return [
    'travel',
    `${about(kilometres)} km from the login ${ago}${city === undefined ? '' : ` in ${city}`}: ${about(kilometresAnHour)} km/h.`,
    { km: Math.round(kilometres), 'km/h': Math.round(kilometresAnHour), minutes: Math.round(passed / 60_000) },
  ];
}

/** When, from where and with which key the user came before; what waits in quarantine does not count. */
export function previousWords({ user, known }: About): Reason[] {
  if (user === undefined || user.sessions.length === 0) return [];
  const { sessions } = user;
  const word = (at: number): string | undefined => known.names.word(sessions[at] as number);
  const time = sessions[session.time] as number;
  const asn = sessions[session.asn] as number;
  const [city, key] = [word(session.city), word(session.key)];
  const address = addressText(sessions[session.address] as number);
  const who = asn >= 0 ? `AS${asn}` : undefined;
  const from = [address ?? who, address === undefined || who === undefined ? undefined : `(${who})`];
  const parts = [...from, city === undefined ? undefined : `in ${city}`].filter((part) => part !== undefined);
  const where = parts.length === 0 ? '' : ` from ${parts.join(' ')}`;
  const by = key === undefined ? '' : ` with the key ${shorten(key, 100)}`;
  const evidence: Evidence = {
    time: new Date(time).toISOString(),
    ...(address ? { address } : {}),
    ...(city ? { city } : {}),
    ...(key ? { key } : {}),
  };
  if (asn >= 0) evidence.asn = asn;
  return [{ code: 'previous', text: `The last login that was not flagged: ${moment(time)}${where}${by}.`, evidence }];
}
