import * as v from 'valibot';
import { type Context, defineSource, type Event, type Unreadable } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import type { LineReader } from '../io/line-reader.ts';
import { LineSource } from '../io/line-source.ts';
import { oldestFirst } from '../io/rotated.ts';
import { splitCsv } from '../text/csv.ts';
import { DistinctIds } from '../text/distinct-ids.ts';
import { epochTime } from '../text/epoch.ts';
import { parseIp } from '../text/ip.ts';
import { fingerprint } from '../text/login/identity.ts';

const options = v.strictObject({
  ...lineOptions(
    "Files, plain or compressed, or folders of them; '-' is standard input. Of a folder, *.csv is read, compressed or not. Rotated files are read oldest first.",
  ),
  user: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.description('Who logs in where a line names nobody; such logins are one history.'),
    ),
    'everyone',
  ),
});

/**
 * Logins that something else has already taken out of a log: `epoch,ip` or `epoch,ip,user`, such as
 * `1476057600,192.0.2.7,alice`. Fields as in RFC 4180; a first line of column names is left out.
 */
export const loginCsv = defineSource({
  name: 'login-csv',
  summary: 'Successful logins as lines of time, address and, if known, user: "1476057600,192.0.2.7,alice".',
  options,
  examples: ['scops fit --source login-csv:logins.csv', 'scops score --source login-csv:-'],
  target: (target) => ({ paths: target }),
  create: (given, context: Context) =>
    new LineSource({
      name: 'login-csv',
      options: given,
      context,
      takes: (name) => /\.csv(?:\.gz|[-.]\d{1,14}(?:\.gz)?)?$/.test(name),
      order: oldestFirst,
      reader: new LoginCsv(given.user),
    }),
});

const longestUser = 256;

class LoginCsv implements LineReader {
  readonly #user: string;
  readonly #ids = new DistinctIds();
  #begins = false;

  constructor(user: string) {
    this.#user = user;
  }

  open(): void {
    this.#begins = true;
  }

  state(): string {
    return this.#ids.state();
  }

  restore(state: string): void {
    this.#ids.restore(state);
  }

  read(line: string): readonly Event[] | Unreadable {
    const first = this.#begins;
    this.#begins = false;
    const fields = splitCsv(line.trim())?.map(trim);
    if (fields === undefined) return { reason: 'a quoted field that does not end, or goes on after its end' };
    const [when = '', address = '', user = ''] = fields;
    if (first && /^[A-Za-z_]/.test(when)) return [];
    if (fields.length < 2 || fields.length > 3)
      return { reason: `${fields.length} fields, not time,ip or time,ip,user` };
    const time = epochTime(when);
    if (time === undefined) return { reason: 'the first field is neither epoch seconds or milliseconds nor RFC 3339' };
    const ip = parseIp(address);
    if (ip === undefined) return { reason: 'the second field is no IP address' };
    if (user.length > longestUser) return { reason: `a user name of more than ${longestUser} characters` };
    const login = {
      'event.action': 'login',
      'event.outcome': 'success',
      'user.name': user === '' ? this.#user : user,
      'source.ip': ip,
    };
    const id = this.#ids.next(`login-csv/${time}/${fingerprint(line)}`);
    return [{ id, time, source: 'login-csv', kind: 'login', fields: login, raw: line }];
  }
}

/** Also the quotes of a field that spaces stand before, as in `1, "a"`. */
function trim(field: string): string {
  const text = field.trim();
  const quoted = text.length > 1 && text !== field && text.startsWith('"') && text.endsWith('"');
  return quoted ? text.slice(1, -1).replaceAll('""', '"') : text;
}
