import type { Event, Reason } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import type { Known } from './habit.ts';
import type { Login } from './login.ts';
import { country, narrow, type ProviderKind, provider, region } from './network.ts';
import { usualRate } from './pace.ts';
import { type Term, termAt, terms, type Verdict } from './terms.ts';
import { session, sessionFields, type User, windows } from './user.ts';
import { dimension } from './values.ts';
import { about, date, duration, grouped, moment, plural, times, weekMoment } from './words.ts';

/** A term that adds or takes less is not worth a sentence, in nats. */
const noticeable = 0.7;
/** A user with fewer logins is still being learnt. */
const few = 10;

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
      `What came before from this network was unusual too: ${plural(this.#verdict.caseLogins, 'login')}.`,
      { logins: this.#verdict.caseLogins },
    ],
    trusted: () => ['trusted', `The network is trusted: ${this.#login.known}.`],
  };

  #network(): Said {
    const { newLevel, freshLevel, knownLevel, provider: kind, caseLogins } = this.#verdict;
    const { from, levels, country: land } = this.#login;
    const here = this.#here();
    const evidence: Evidence = { address: from, ...(land ? { country: land } : {}) };
    const asn = levels[provider] as number;
    if (asn >= 0) evidence.asn = asn;
    const usual = this.#usual();
    const nature = natures[kind];
    if (freshLevel < 0) return ['rare-network', `${this.#name} seldom comes from ${here}; ${usual}.`, evidence];
    const code = ['new-country', 'new-region', 'new-provider'][freshLevel] ?? 'new-network';
    const part = freshLevel >= narrow || knownLevel < 0 || freshLevel <= provider ? '' : 'a new part of ';
    if (newLevel >= 0 && caseLogins === 0)
      return [code, `First login from ${part}${here}${nature}; ${usual}.`, evidence];
    const before = Math.max(1, caseLogins);
    return [
      code,
      `${this.#name} came from ${here}${nature} only of late, ${times(before)} before; ${usual}.`,
      { ...evidence, before },
    ];
  }

  /** `Hetzner (AS24940) in Helsinki, FI`, as far as it is known. */
  #here(): string {
    const { levels, city, country: land, provider: name, from } = this.#login;
    const asn = levels[provider] as number;
    const who = asn < 0 ? from : name === '' ? `AS${asn}` : `${shorten(name, 60)} (AS${asn})`;
    const place = [...new Set([city, land])].filter(Boolean).join(', ');
    return place === '' ? who : `${who} in ${place}`;
  }

  /** Where the user usually comes from. */
  #usual(): string {
    const user = this.#user;
    for (const level of [provider, country, region]) {
      const bag = user?.habit(level);
      const entry = bag?.heaviest() ?? -1;
      if (user === undefined || bag === undefined || entry < 0) continue;
      const value = bag.value(entry);
      const where = level === provider ? `AS${value}${this.#cityOf(user, value)}` : this.#known.names.word(value);
      return `${this.#name} has come from ${where} ${times(bag.count(entry))} since ${date(bag.first(entry))}`;
    }
    return user === undefined || user.learnt === 0
      ? `it is the first login of ${this.#name} that was seen`
      : `${this.#name} has logged in ${times(user.learnt)} since ${date(user.since)} from elsewhere`;
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
    const bag = this.#user?.habit(of);
    const entry = bag?.heaviest() ?? -1;
    const word = bag === undefined || entry < 0 ? undefined : this.#known.names.word(bag.value(entry));
    if (bag === undefined || word === undefined) return `${this.#name} has none yet`;
    return `${this.#name} has used ${shorten(word, 100)} ${times(bag.count(entry))}, last on ${date(bag.last(entry))}`;
  }

  #key(): Said {
    const { key } = this.#login;
    return ['new-key', `First login with the key ${shorten(key, 100)}; ${this.#mostly(dimension.key)}.`, { key }];
  }

  #method(): Said {
    const { method } = this.#login;
    return ['unusual-method', `Logged in with ${method}; ${this.#mostly(dimension.method)}.`, { method }];
  }

  #host(): Said {
    const { host } = this.#login;
    const known = (this.#user?.habit(dimension.host).find(this.#known.names.find(host)) ?? -1) >= 0;
    return known
      ? ['rare-host', `${this.#name} seldom logs in to ${host}; ${this.#mostly(dimension.host)}.`, { host }]
      : ['new-host', `First login to ${host}; ${this.#mostly(dimension.host)}.`, { host }];
  }

  #rate(): Said {
    const { window, logins } = this.#verdict;
    const length = duration(windows[window] ?? 0);
    const usual = usualRate(this.#user as User, window);
    const what = window === windows.length - 1 ? 'changes of host' : 'logins';
    return [
      'rate',
      `About ${grouped(logins)} ${what} within ${length}; usual for ${this.#name} are ${grouped(usual)}.`,
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
    if (this.#has(dimension.key, key)) usual.push(`a known key (${shorten(key, 60)})`);
    else if (key === '' && this.#has(dimension.method, method)) usual.push(`the usual method (${shorten(method, 60)})`);
    if ((parts[termAt.hour] as number) < -0.3) usual.push('a usual hour');
    if (usual.length === 0) return [];
    return [{ code: 'in-favour', text: `What speaks for it: ${usual.join(', ')}.`, evidence: { count: usual.length } }];
  }

  #has(of: number, word: string): boolean {
    const id = word === '' ? -1 : this.#known.names.find(word);
    return id >= 0 && (this.#user?.habit(of).find(id) ?? -1) >= 0;
  }

  #previous(): Reason[] {
    const user = this.#user;
    if (user === undefined || user.sessions.length === 0) return [];
    const word = (at: number): string | undefined => this.#known.names.word(user.sessions[at] as number);
    const time = user.sessions[session.time] as number;
    const asn = user.sessions[session.asn] as number;
    const [city, key] = [word(session.city), word(session.key)];
    const from = [city === undefined ? '' : ` in ${city}`, asn >= 0 ? ` from AS${asn}` : ''].join('');
    const by = key === undefined ? '' : ` with the key ${shorten(key, 100)}`;
    const evidence: Evidence = {
      time: new Date(time).toISOString(),
      ...(city ? { city } : {}),
      ...(key ? { key } : {}),
    };
    if (asn >= 0) evidence.asn = asn;
    return [{ code: 'previous', text: `The login before: ${moment(time)}${from}${by}.`, evidence }];
  }
}

const natures: Readonly<Record<ProviderKind, string>> = {
  access: '',
  hosting: ', which rents out servers',
  vpn: ', which hides where its users are',
  tor: ', which hides where its users are',
};

const rounded = (number: number): number => Math.round(number * 10) / 10;
