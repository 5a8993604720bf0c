import type { Reason } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import { clientText } from '../../text/user-agent.ts';
import { duration, grouped, moment, plural, weekMoment } from '../../text/words.ts';
import type { Known } from './habit.ts';
import { type Judged, nothing } from './judged.ts';
import { networkWords, previousWords, travelWords } from './network-words.ts';
import { pauseOf, usualRate } from './pace.ts';
import { type Term, termAt, terms } from './terms.ts';
import { type User, windows } from './user.ts';
import { dimension } from './values.ts';
import { type About, aboutLogin, isUsual, mostly, type Said, since } from './words.ts';

/** A term that adds or takes less is not worth a sentence, in nats. */
const noticeable = 0.7;
/** A user with fewer logins is still being learnt. */
export const few = 10;

/** Why a login got its verdict, in words: what speaks against it, strongest first, then what speaks for it. */
export function reasonsOf(judged: Judged, known: Known): readonly Reason[] {
  const about = aboutLogin(judged, known);
  const { parts } = judged.verdict;
  const against: { readonly term: Term; readonly nats: number }[] = [];
  for (const [at, term] of terms.entries()) {
    const nats = parts[at] as number;
    if (nats >= noticeable) against.push({ term, nats });
  }
  against.sort((a, b) => b.nats - a.nats);
  const reasons = against.map(({ term, nats }): Reason => {
    const [code, text, evidence] = sayings[term](about);
    return { code, text, evidence: { ...evidence, nats: rounded(nats) } };
  });
  reasons.push(...learning(about), ...inFavour(about), ...previousWords(about));
  return reasons.length > 0 ? reasons : nothing;
}

const sayings: Readonly<Record<Term, (about: About) => Said>> = {
  network: networkWords,
  travel: travelWords,
  key: keyWords,
  method: (about) => {
    const { method } = about.login;
    return ['unusual-method', `Logged in with ${method}; ${mostly(about, dimension.method)}.`, { method }];
  },
  host: hostWords,
  client: clientWords,
  hour: ({ login: { time }, name }) => [
    'unusual-hour',
    `${weekMoment(time)} is an unusual hour for ${name}.`,
    { time: moment(time) },
  ],
  pause: ({ login: { time }, user, name }) => {
    const pause = user === undefined ? 0 : pauseOf(user, time);
    return ['pause', `First login of ${name} for ${duration(pause)}.`, { days: Math.round(pause / 86_400_000) }];
  },
  rate: rateWords,
  failures: failuresWords,
  reputation: ({ event, login: { from, reputation } }) => {
    const lists = event.fields['source.reputation.lists'];
    const named = Array.isArray(lists) && lists.length > 0 ? ` ${lists.join(', ')}` : '';
    const text = `The address ${from} is on a block list${named && `:${named}`}.`;
    return ['listed', text, { lists: named.trim(), score: reputation }];
  },
  case: ({ verdict: { caseLogins } }) => {
    const which = caseLogins === 0 ? 'Earlier logins' : `The ${plural(caseLogins, 'login')} before`;
    const speak = caseLogins === 1 ? 'speaks' : 'speak';
    return [
      'session',
      `${which} from this network, which is not trusted yet, ${speak} against it too.`,
      { logins: caseLogins },
    ];
  },
  trusted: ({ login: { known } }) => ['trusted', `The network is trusted: ${known}.`],
};

function keyWords(about: About): Said {
  const { key } = about.login;
  const known = since(about, dimension.key);
  const used = known === undefined ? 'First login with' : `New since ${known}:`;
  return ['new-key', `${used} the key ${shorten(key, 100)}; ${mostly(about, dimension.key)}.`, { key }];
}

function hostWords(about: About): Said {
  const { host } = about.login;
  const others = mostly(about, dimension.host);
  return since(about, dimension.host) === undefined
    ? ['new-host', `First login to ${host}; ${others}.`, { host }]
    : ['rare-host', `${about.name} has seldom logged in to ${host}; ${others}.`, { host }];
}

/** What is new of the client decides what the user is said to have used instead. */
function clientWords(about: About): Said {
  const { login, verdict, name } = about;
  const { client, agent } = login;
  const what = client === undefined ? agent : clientText(client);
  const of = verdict.newClient < 0 ? dimension.program : verdict.newClient;
  const evidence = { client: what, agent };
  if (of === dimension.version) return ['old-client', `${what} is older than what ${name} has used.`, evidence];
  const known = since(about, of);
  const used = known === undefined ? 'First login with' : `New since ${known}:`;
  const instead = of === dimension.device && client?.device === 'script' ? dimension.program : of;
  return ['new-client', `${used} ${what}; ${mostly(about, instead)}.`, evidence];
}

function rateWords({ user, verdict, name }: About): Said {
  const { window, logins } = verdict;
  const length = duration(windows[window] ?? 0);
  const usual = usualRate(user as User, window);
  const what = window === windows.length - 1 ? 'changes of host' : 'logins';
  const text = `About ${grouped(logins)} ${what} within ${length}; usual for ${name} is about ${grouped(usual)}.`;
  return ['rate', text, { logins: rounded(logins), usual: rounded(usual), window: length }];
}

function failuresWords({ login, verdict, name }: About): Said {
  const { failures, failuresFrom, probes } = verdict;
  const count = Math.max(1, Math.round(failures));
  const where = {
    address: `from ${login.from}`,
    network: `from the network of ${login.from}`,
    user: `of ${name} from any address in the last days`,
  }[failuresFrom];
  const names = probes >= 1 ? `, ${grouped(probes)} of them for users that do not exist` : '';
  return ['failures', `After some ${plural(count, 'failed login')} ${where}${names}.`, { failures: count }];
}

function learning({ user, name }: About): Reason[] {
  const logins = user?.learnt ?? 0;
  if (logins >= few) return [];
  const text =
    logins === 0
      ? `Still learning: no login of ${name} was seen before, so it is compared with everybody's.`
      : `Still learning: ${name} has ${plural(logins, 'login')} so far, so little is unusual yet.`;
  return [{ code: 'learning', text, evidence: { logins } }];
}

/** One sentence of what is as always. */
function inFavour(about: About): Reason[] {
  const { login, user, verdict } = about;
  const { parts, freshLevel, colleagues } = verdict;
  const { key, known, method, client } = login;
  const usual: string[] = [];
  if (known !== '') usual.push(`the network is trusted (${shorten(known, 60)})`);
  if (user !== undefined && (parts[termAt.network] as number) < -noticeable && freshLevel < 0)
    usual.push('a usual network');
  if (colleagues >= about.known.sharedBy) usual.push(`${plural(colleagues, 'user')} come from this network`);
  const isAsAlways = (term: Term, of: number): boolean =>
    (parts[termAt[term]] as number) < noticeable && isUsual(about, of);
  if (isAsAlways('key', dimension.key)) usual.push(`a known key (${shorten(key, 60)})`);
  else if (key === '' && isAsAlways('method', dimension.method))
    usual.push(`the usual method (${shorten(method, 60)})`);
  if (client !== undefined && (parts[termAt.client] as number) < -noticeable && isUsual(about, dimension.program))
    usual.push(`a known client (${clientText(client)})`);
  if ((parts[termAt.hour] as number) < -0.3) usual.push('a usual hour');
  if (usual.length === 0) return [];
  return [{ code: 'in-favour', text: `What speaks for it: ${usual.join(', ')}.`, evidence: { count: usual.length } }];
}

const rounded = (number: number): number => Math.round(number * 10) / 10;
