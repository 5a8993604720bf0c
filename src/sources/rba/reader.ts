import { hash } from 'node:crypto';
import type { Event, FieldValue, Unreadable } from '../../event/index.ts';
import type { LineReader } from '../../io/line-reader.ts';
import { splitCsv } from '../../text/csv.ts';
import { parseIp } from '../../text/ip.ts';
import { CoverageCount } from '../../text/shape.ts';
import { parseTime } from '../../text/wazuh/time.ts';

/** The columns as released; a file's heading may have them in another order. */
const released = [
  ...['index', 'Login Timestamp', 'User ID', 'Round-Trip Time [ms]', 'IP Address', 'Country', 'Region', 'City', 'ASN'],
  ...['User Agent String', 'Browser Name and Version', 'OS Name and Version', 'Device Type'],
  ...['Login Successful', 'Is Attack IP', 'Is Account Takeover'],
];

/** Four times as many as the release has. */
const mostColumns = 64;
const needed = ['Login Timestamp', 'User ID', 'Login Successful'];

/** Columns that become fields as they are. */
const texts: readonly (readonly [column: string, field: string])[] = [
  ['Country', 'source.geo.country_iso_code'],
  ['Region', 'source.geo.region_name'],
  ['City', 'source.geo.city_name'],
  ['User Agent String', 'user_agent.original'],
  ['Browser Name and Version', 'user_agent.name'],
  ['OS Name and Version', 'user_agent.os.name'],
  ['Device Type', 'user_agent.device.name'],
];

/**
 * Reads the lines of a file of the data set: a heading and logins. Without a heading, as in the later parts of a split
 * file, the columns are those of the release.
 */
export function rbaReader(): LineReader {
  let columns: readonly string[] = released;
  /** As a checkpoint keeps them, which is asked for at every line. */
  let written = '';
  const count = new CoverageCount();
  return {
    open() {
      columns = released;
      written = '';
    },
    read(line) {
      const values = splitCsv(line);
      if (values === undefined) return { reason: 'not comma-separated values: a quoted field does not end' };
      if (!isHeading(values, columns)) {
        const events = readLogin(line, columns, values);
        if ('reason' in events) count.unknown(line);
        else count.understood();
        return events;
      }
      const missing = needed.find((name) => !values.includes(name));
      if (missing !== undefined) return { reason: `a heading without "${missing}"` };
      if (values.length > mostColumns) return { reason: `a heading of more than ${mostColumns} columns` };
      columns = values;
      written = JSON.stringify(columns);
      return [];
    },
    state: () => written,
    restore(state) {
      columns = state === '' ? released : headingOf(JSON.parse(state));
      written = state;
    },
    coverage: () => count.coverage(),
  };
}

/** A browser may call itself by a column's name, but nobody but the file names the column of times. */
const isHeading = (values: readonly string[], columns: readonly string[]): boolean =>
  values.includes('Login Timestamp') && parseTime(values[columns.indexOf('Login Timestamp')] ?? '') === undefined;

function headingOf(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  throw new TypeError('Not a heading.');
}

function readLogin(line: string, columns: readonly string[], values: readonly string[]): readonly Event[] | Unreadable {
  if (values.length !== columns.length) return { reason: `not ${columns.length} columns` };
  const value = (column: string): string | undefined => {
    const text = values[columns.indexOf(column)];
    return text === '' || text === '-' ? undefined : text;
  };
  const time = parseTime(value('Login Timestamp') ?? '');
  if (time === undefined) return { reason: 'no readable Login Timestamp' };
  const user = value('User ID');
  if (user === undefined) return { reason: 'no User ID' };
  const fields: Record<string, FieldValue> = { 'event.action': 'login', 'user.name': user };
  const put = (name: string, known: FieldValue | undefined): void => {
    if (known !== undefined) fields[name] = known;
  };
  const success = truth(value('Login Successful'));
  put('event.outcome', success === undefined ? undefined : success ? 'success' : 'failure');
  const address = value('IP Address');
  const ip = address === undefined ? undefined : parseIp(address);
  put(ip === undefined ? 'source.address' : 'source.ip', ip ?? address);
  put('source.as.number', wholeNumber(value('ASN')));
  put('login.rtt_ms', wholeNumber(value('Round-Trip Time [ms]')));
  for (const [column, field] of texts) put(field, value(column));
  put('label.attack', truth(value('Is Account Takeover')));
  put('label.attack_ip', truth(value('Is Attack IP')));
  const index = value('index');
  const id = index !== undefined && /^\d{1,15}$/.test(index) ? index : hash('sha256', line).slice(0, 24);
  return [{ id: `rba/${id}`, time, source: 'rba', kind: 'login', fields, raw: line }];
}

const truth = (text: string | undefined): boolean | undefined =>
  text === 'True' || text === 'true' ? true : text === 'False' || text === 'false' ? false : undefined;

/** Some versions of the file write whole numbers with `.0`. */
const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}(?:\.0)?$/.test(text) ? Number.parseInt(text, 10) : undefined;
