import { type Event, type Reason, text } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import type { ProviderKind } from '../../text/provider-kind.ts';
import { about, date, duration, grouped, moment, plural, times, weekMoment } from '../../text/words.ts';
import { isTrusted, type Known } from './habit.ts';
import { inside, type Login } from './login.ts';
import { addressText, narrow, provider } from './network.ts';
import { usualRate } from './pace.ts';
import { type Term, termAt, terms, type Verdict } from './terms.ts';
import { session, sessionFields, type User, windows } from './user.ts';
import { dimension } from './values.ts';

/** A term that adds or takes less is not worth a sentence, in nats. */
const noticeable = 0.7;
/** A user with fewer logins is still being learnt. */
export const few = 10;

type Evidence = Record<string, string | number>;
type Said = readonly [code: string, text: string, evidence?: Evidence];

/** Why a login got its verdict, in words: what speaks against it, strongest first, then what speaks for it. */
export class Words {
  readonly #event: Event;
  readonly #login: Login;
  readonly #user: User | undefined;
  readonly #verdict: Verdict;
  readonly #known: Known;
  readonly #name: string;

  constructor(event: Event, login: Login, user: User | undefined, verdict: Verdict, known: Known) {
    this.#event = event;
    this.#login = login;
    this.#user = user;
    this.#verdict = verdict;
    this.#known = known;
    this.#name = shorten(login.user, 64);
  }

  reasons(): Reason[] {
    const { parts } = this.#verdict;
    const against = terms
      .map((term, i) => ({ term, nats: parts[i] as number }))
      .filter(({ nats }) => nats >= noticeable)
      .sort((a, b) => b.nats - a.nats);
    const reasons = against.map(({ term, nats }) => {
      const [code, text, evidence] = this.#against[term]();
      return { code, text, evidence: { ...evidence, nats: rounded(nats) } };
    });
    return [...reasons, ...this.#learning(), ...this.#inFavour(), ...this.#previous()];
  }

  readonly #against: Readonly<Record<Term, () => Said>> = {
    network: () => this.#network(),
    travel: () => this.#travel(),
    key: () => this.#key(),
    method: () => this.#method(),
    host: () => this.#host(),
    hour: () => [
      'unusual-hour',
      `${weekMoment(this.#login.time)} is an unusual hour for ${this.#name}.`,
      { time: moment(this.#login.time) },
    ],
    pause: () => {
      const pause = this.#login.time - (this.#user?.learntAt ?? this.#login.time);
      return [
        'pause',
        `First login of ${this.#name} for ${duration(pause)}.`,
        { days: Math.round(pause / 86_400_000) },
      ];
    },
    rate: () => this.#rate(),
    failures: () => this.#failures(),
    reputation: () => {
      const lists = this.#event.fields['source.reputation.lists'];
      const named = Array.isArray(lists) && lists.length > 0 ? ` ${lists.join(', ')}` : '';
      return [
        'listed',
        `The address ${this.#login.from} is on a block list${named && `:${named}`}.`,
        { lists: named.trim(), score: this.#login.reputation },
      ];
    },
    case: () => [
      'session',
      `The ${plural(this.#verdict.caseLogins, 'login')} before from this network, which is not trusted yet, stood out too.`,
      { logins: this.#verdict.caseLogins },
    ],
    trusted: () => ['trusted', `The network is trusted: ${this.#login.known}.`],
  };

  #network(): Said {
    const { freshLevel, knownLevel, provider: kind } = this.#verdict;
    const { from: address, levels, country } = this.#login;
    const isInside = country === inside;
    const here = `${this.#here()}${natures[kind]}`;
    const evidence: Evidence = { address, ...(country && !isInside ? { country } : {}) };
    const asn = levels[provider] as number;
    if (asn >= 0) evidence.asn = asn;
    const usual = this.#usual();
    if (freshLevel < 0) return ['rare-network', `${this.#name} seldom comes from ${here}${usual}.`, evidence];
    const code = (isInside ? undefined : codes[freshLevel]) ?? 'new-network';
    const part = freshLevel > provider && freshLevel < narrow && knownLevel >= provider ? 'a new part of ' : '';
    // What a person takes for the network is the provider, where that is known.
    const level = freshLevel <= provider && asn >= 0 ? provider : freshLevel;
    const entry = this.#verdict.entries[level] as number;
    const bag = this.#user?.bag(level);
    if (bag !== undefined && entry >= 0) {
      const before = bag.count(entry);
      const known = `New since ${date(bag.first(entry))}, with ${plural(before, 'login')} so far`;
      return [code, `${known}: ${part}${here}${usual}.`, { ...evidence, before }];
    }
    const before = this.#verdict.caseLogins;
    if (before > 0) {
      const known = `Known from ${plural(before, 'login')} alone, not trusted yet`;
      return [code, `${known}: ${part}${here}${usual}.`, { ...evidence, before }];
    }
    return [code, `First login from ${part}${here}${usual}.`, evidence];
  }

  /** `Hetzner (AS24940) in Helsinki, FI`, as far as it is known. */
  #here(): string {
    const { levels, city, country, provider: name, from } = this.#login;
    if (country === inside) return `the private address ${from}`;
    const asn = levels[provider] as number;
    const who = asn < 0 ? from : name === '' ? `AS${asn}` : `${shorten(name, 60)} (AS${asn})`;
    const land = text(this.#event, 'source.geo.country_name') ?? country;
    const place = [...new Set([city, land])].filter(Boolean).join(', ');
    return place === '' ? who : `${who} in ${shorten(place, 80)}`;
  }

  /** `; alice has come from AS3320 in Berlin 212 times since 3 May 2026`: where the user usually comes from. */
  #usual(): string {
    const user = this.#user;
    if (user === undefined || user.learnt === 0) return '';
    const bag = user.bag(dimension.provider);
    const entry = bag.heaviest();
    const asn = entry < 0 ? this.#login.levels[provider] : bag.value(entry);
    if (entry >= 0 && asn === this.#login.levels[provider] && bag.size === 1) return '';
    if (entry < 0) return `; ${this.#name} has logged in ${times(user.learnt)} since ${date(user.since)}`;
    const where = `AS${asn}${this.#cityOf(user, bag.value(entry))}`;
    return `; ${this.#name} has come from ${where} ${times(bag.count(entry))} since ${date(bag.first(entry))}`;
  }

  #cityOf({ sessions }: User, asn: number): string {
    for (let at = 0; at < sessions.length; at += sessionFields) {
      const city = this.#known.names.word(sessions[at + session.city] as number);
      if (sessions[at + session.asn] === asn && city !== undefined) return ` in ${city}`;
    }
    return '';
  }

  #travel(): Said {
    const { tripFrom, kilometres, kilometresAnHour } = this.#verdict;
    const { sessions } = this.#user as User;
    const passed = this.#login.time - (sessions[tripFrom + session.time] as number);
    const city = this.#known.names.word(sessions[tripFrom + session.city] as number);
    const ago = passed < 0 ? `${duration(passed)} later` : `${duration(passed)} ago`;
    return [
      'travel',
      `${about(kilometres)} km from the login ${ago}${city === undefined ? '' : ` in ${city}`}: ${about(kilometresAnHour)} km/h.`,
      { km: Math.round(kilometres), 'km/h': Math.round(kilometresAnHour), minutes: Math.round(passed / 60_000) },
    ];
  }

  /** `alice has used X 212 times` of the most usual value of a dimension. */
  #mostly(of: number): string {
    const bag = this.#user?.bag(of);
    const entry = bag?.heaviest() ?? -1;
    const word = bag === undefined || entry < 0 ? undefined : this.#known.names.word(bag.value(entry));
    if (bag === undefined || word === undefined) return `${this.#name} has none yet`;
    return `${this.#name} has used ${shorten(word, 100)} ${times(bag.count(entry))}, last on ${date(bag.last(entry))}`;
  }

  /** Since when the value of a dimension is known, where that is lately. */
  #since(of: number): string | undefined {
    const entry = this.#verdict.entries[of] as number;
    const bag = this.#user?.bag(of);
    return bag === undefined || entry < 0 ? undefined : date(bag.first(entry));
  }

  #key(): Said {
    const { key } = this.#login;
    const since = this.#since(dimension.key);
    const used = since === undefined ? 'First login with' : `New since ${since}:`;
    return ['new-key', `${used} the key ${shorten(key, 100)}; ${this.#mostly(dimension.key)}.`, { key }];
  }

  #method(): Said {
    const { method } = this.#login;
    return ['unusual-method', `Logged in with ${method}; ${this.#mostly(dimension.method)}.`, { method }];
  }

  #host(): Said {
    const { host } = this.#login;
    const mostly = this.#mostly(dimension.host);
    return this.#since(dimension.host) === undefined
      ? ['new-host', `First login to ${host}; ${mostly}.`, { host }]
      : ['rare-host', `${this.#name} has seldom logged in to ${host}; ${mostly}.`, { host }];
  }

  #rate(): Said {
    const { window, logins } = this.#verdict;
    const length = duration(windows[window] ?? 0);
    const usual = usualRate(this.#user as User, window);
    const what = window === windows.length - 1 ? 'changes of host' : 'logins';
    return [
      'rate',
      `About ${grouped(logins)} ${what} within ${length}; usual for ${this.#name} is about ${grouped(usual)}.`,
      { logins: rounded(logins), usual: rounded(usual), window: length },
    ];
  }

  #failures(): Said {
    const { failures, failuresFrom, probes } = this.#verdict;
    const count = Math.max(1, Math.round(failures));
    const where = {
      address: `from ${this.#login.from}`,
      network: `from the network of ${this.#login.from}`,
      user: `of ${this.#name} from any address in the last days`,
    }[failuresFrom];
    const names = probes >= 1 ? `, ${grouped(probes)} of them for users that do not exist` : '';
    return ['failures', `After some ${plural(count, 'failed login')} ${where}${names}.`, { failures: count }];
  }

  #learning(): Reason[] {
    const logins = this.#user?.learnt ?? 0;
    if (logins >= few) return [];
    const text =
      logins === 0
        ? `Still learning: no login of ${this.#name} was seen before, so it is compared with everybody's.`
        : `Still learning: ${this.#name} has ${plural(logins, 'login')} so far, so little is unusual yet.`;
    return [{ code: 'learning', text, evidence: { logins } }];
  }

  /** One sentence of what is as always. */
  #inFavour(): Reason[] {
    const { parts, freshLevel, colleagues } = this.#verdict;
    const { key, known, method } = this.#login;
    const usual: string[] = [];
    if (known !== '') usual.push(`the network is trusted (${shorten(known, 60)})`);
    if (this.#user !== undefined && (parts[termAt.network] as number) < -noticeable && freshLevel < 0)
      usual.push('a usual network');
    if (colleagues >= this.#known.sharedBy) usual.push(`${plural(colleagues, 'user')} come from this network`);
    if (this.#isUsual(dimension.key)) usual.push(`a known key (${shorten(key, 60)})`);
    else if (key === '' && this.#isUsual(dimension.method)) usual.push(`the usual method (${shorten(method, 60)})`);
    if ((parts[termAt.hour] as number) < -0.3) usual.push('a usual hour');
    if (usual.length === 0) return [];
    return [{ code: 'in-favour', text: `What speaks for it: ${usual.join(', ')}.`, evidence: { count: usual.length } }];
  }

  #isUsual(of: number): boolean {
    const entry = this.#verdict.entries[of] as number;
    const bag = this.#user?.bag(of);
    return bag !== undefined && entry >= 0 && isTrusted(bag, entry, this.#login.time);
  }

  #previous(): Reason[] {
    const user = this.#user;
    if (user === undefined || user.sessions.length === 0) return [];
    const word = (at: number): string | undefined => this.#known.names.word(user.sessions[at] as number);
    const time = user.sessions[session.time] as number;
    const asn = user.sessions[session.asn] as number;
    const [city, key] = [word(session.city), word(session.key)];
    const address = addressText(user.sessions[session.address] as number);
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
    return [{ code: 'previous', text: `The login before: ${moment(time)}${where}${by}.`, evidence }];
  }
}

const codes: readonly (string | undefined)[] = ['new-country', 'new-region', 'new-provider'];
const natures: Readonly<Record<ProviderKind, string>> = {
  access: '',
  hosting: ', which rents out servers',
  vpn: ', which hides where its users are',
  tor: ', which hides where its users are',
};

const rounded = (number: number): number => Math.round(number * 10) / 10;
