import { hash } from 'node:crypto';
import type { Event, Unreadable } from '../../event/index.ts';
import type { LineReader } from '../../io/line-reader.ts';
import { DistinctIds } from '../../text/distinct-ids.ts';
import { CoverageCount } from '../../text/shape.ts';
import { type Draft, put } from '../../text/wazuh/values.ts';
import { redTeamKey } from './red-team.ts';

/** Nine columns that hold no commas of their own. */
const columns = 9;
/** The longest line that is its own id. */
const longestId = 160;
/** Seconds that a date can hold. */
const maxSeconds = 1e11;

/** A ticket, a mapping or a locked screen goes with a logon that has a line of its own. */
const actions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    LogOn: 'logon',
    LogOff: 'logout',
    TGT: 'logon',
    TGS: 'session',
    AuthMap: 'session',
    ScreenLock: 'session',
    ScreenUnlock: 'logon',
  }),
);

const types: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Interactive: 'interactive',
    Network: 'network',
    Batch: 'batch',
    Service: 'service',
    Unlock: 'unlock',
    NetworkCleartext: 'network-cleartext',
    NewCredentials: 'new-credentials',
    RemoteInteractive: 'remote-interactive',
    CachedInteractive: 'cached-interactive',
  }),
);

const services: ReadonlySet<string> = new Set(['ANONYMOUS LOGON', 'SYSTEM', 'LOCAL SERVICE', 'NETWORK SERVICE']);

/**
 * Reads lines of auth.txt: time, source user, destination user, source computer, destination computer, authentication
 * type, logon type, orientation, success or failure. `epoch` is second 0 in epoch milliseconds; `labels` are the red team's.
 */
export function authReader(epoch: number, labels: ReadonlySet<string>): LineReader {
  const count = new CoverageCount();
  const ids = new DistinctIds();
  return {
    read(line) {
      const event = readAuth(line, epoch, labels, ids);
      if (event === undefined) return [];
      if ('reason' in event) {
        count.unknown(line);
        return event;
      }
      count.understood();
      return [event];
    },
    state: () => ids.state(),
    restore: (state) => ids.restore(state),
    coverage: () => count.coverage(),
  };
}

function readAuth(
  line: string,
  epoch: number,
  labels: ReadonlySet<string>,
  ids: DistinctIds,
): Event | Unreadable | undefined {
  const parts = line.split(',', columns + 1);
  if (parts.length !== columns) return { reason: `not ${columns} columns` };
  const [at, user, target, from, to, method, type, orientation, outcome] = parts as [string, ...string[]];
  if (!/^\d{1,12}$/.test(at) || Number(at) > maxSeconds) {
    return at === 'time' ? undefined : { reason: 'the time is no count of seconds' };
  }
  const fields: Draft = { 'event.action': actions.get(orientation ?? '') ?? 'session' };
  put(fields, 'event.outcome', outcome === 'Success' ? 'success' : outcome === 'Fail' ? 'failure' : undefined);
  const who = account(user);
  put(fields, 'user.name', who.name);
  put(fields, 'user.domain', who.domain);
  if (who.name?.endsWith('$') || services.has(who.name ?? '')) put(fields, 'user.machine', true);
  if (target !== user) put(fields, 'user.target.name', account(target).name);
  put(fields, 'source.address', known(from));
  put(fields, 'host.name', known(to));
  put(fields, 'login.method', methodOf(known(method)));
  put(fields, 'login.type', types.get(type ?? '') ?? (orientation === 'ScreenUnlock' ? 'unlock' : undefined));
  // Nobody's habit, as in the source windows-logon.
  const inPerson = fields['user.machine'] !== true && type !== 'Batch' && type !== 'Service';
  if (!inPerson && fields['event.action'] === 'logon') fields['event.action'] = 'session';
  if (labels.size > 0 && labels.has(redTeamKey(at, user ?? '', from ?? '', to ?? '')))
    put(fields, 'label.attack', true);
  const id = line.length > longestId ? hash('sha256', line).slice(0, 24) : line;
  const time = epoch + Number(at) * 1000;
  return { id: ids.next(`lanl/${id}`), time, source: 'lanl', kind: 'login', fields, raw: line };
}

/** `?` and nothing stand for what is not known. */
const known = (text: string | undefined): string | undefined => (text === '?' || text === '' ? undefined : text);

interface Account {
  readonly name?: string | undefined;
  readonly domain?: string | undefined;
}

/** Such as `U66@DOM1`. */
function account(text: string | undefined): Account {
  const written = known(text);
  const cut = written?.lastIndexOf('@') ?? -1;
  if (written === undefined || cut < 0) return { name: written };
  return { name: known(written.slice(0, cut)), domain: known(written.slice(cut + 1)) };
}

/** The set writes MICROSOFT_AUTHENTICATION_PACKAGE_V1_0, which is NTLM, cut at several lengths. */
const methodOf = (text: string | undefined): string | undefined =>
  text?.startsWith('MICROSOFT_AUTH') ? 'ntlm' : text?.toLowerCase();
