import { parseIp } from '../../../src/text/ip.ts';
import type { BenchOptions } from '../bench.ts';
import { linesOf, peerOf, type Read, readAll, Tally, verdictOf } from './corpus.ts';

/** fail2ban's tests say when it is: a date without a year is before this, in Zurich. */
const end = Date.UTC(2005, 7, 14, 12);

/** What `# failJSON:` says of the line after it. */
interface Label {
  readonly match: boolean;
  readonly host?: string;
  readonly user?: string;
  readonly time?: string;
}

interface Labelled {
  readonly label: Label;
  readonly line: string;
}

function labelled(lines: readonly string[]): Labelled[] {
  const found: Labelled[] = [];
  let label: Label | undefined;
  for (const line of lines) {
    const text = /^# failJSON:\s*(\{.*\})/.exec(line)?.[1];
    if (text !== undefined)
      label = labelOf(JSON.parse(text) as Label & { readonly ip4?: string; readonly ip6?: string });
    else if (!line.startsWith('#') && label !== undefined) {
      found.push({ label, line });
      label = undefined;
    }
  }
  return found;
}

/** The journal's labels call some hosts by their kind. */
function labelOf({ ip4, ip6, ...label }: Label & { readonly ip4?: string; readonly ip6?: string }): Label {
  const host = label.host ?? ip4 ?? ip6;
  return host === undefined ? label : { ...label, host };
}

const zurich = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Zurich', dateStyle: 'short', timeStyle: 'medium' });

/** Local time as the labels have it: the line's own where it has no zone. */
function localTime(time: number, line: string): string {
  const zoned = /^(?:<\d+>1 )?\d{4}-\d\d-\d\d/.test(line) || line.startsWith('type=');
  return zoned ? zurich.format(time).replace(' ', 'T') : new Date(time).toISOString().slice(0, 19);
}

/** A label speaks of the connection up to a line; an event of the line alone. So a line may be more, or less, to us. */
function reasonFor({ line, event }: Read, label: Label): string | undefined {
  const peer = peerOf(event);
  if (label.match) {
    if (peer === undefined && label.host !== undefined && !line.includes(label.host))
      return 'the address stands in another line of the same connection';
    if (verdictOf(event) === 'login ssh success')
      return 'an accepted login is one: fail2ban counts what failed before it in the connection';
    if (/Failed password .* ssh2: .* port \d+ ssh2$/.test(line))
      return 'OpenSSH writes nothing after "ssh2" for a password: all before the last address is the name';
    return undefined;
  }
  if (peer === undefined || !line.includes(peer)) return undefined;
  if (/Failed publickey for (?!invalid user )/.test(line))
    return 'a key that was refused is a failure: fail2ban waits for how the connection ends';
  if (/\(sshd:auth\): authentication failure; /.test(line))
    return "PAM's failure is one: fail2ban waits for how the connection ends";
  return /\(pam_unix\)\[\d+\]: authentication failure; /.test(line)
    ? 'a form of PAM before 2006 that fail2ban gave up'
    : undefined;
}

function agrees({ line, event }: Read, label: Label, timed: boolean): boolean {
  if (event === undefined) return false;
  const peer = peerOf(event);
  const failed = event.fields['event.outcome'] === 'failure';
  if (!label.match) return !failed || peer === undefined;
  const host = label.host === undefined ? undefined : (parseIp(label.host) ?? label.host);
  if (peer !== host || verdictOf(event).endsWith('success')) return false;
  if (label.user !== undefined && (event.fields['user.name'] ?? '') !== label.user) return false;
  return !timed || label.time === undefined || localTime(event.time, line) === label.time;
}

function compare(folder: string, name: string, options: BenchOptions, withDate?: string): void {
  const tally = new Tally(`fail2ban ${name}`);
  const given = linesOf(folder, name);
  if (given === undefined) {
    options.note(`There is no fail2ban/${name}.`);
    return;
  }
  for (const { label, line } of labelled(given)) {
    // Out of order on purpose: each line is a file of its own.
    const read = readAll([withDate === undefined ? line : `${withDate} ${line}`], end)[0] as Read;
    tally.line(read);
    const agreed = agrees(read, label, withDate === undefined);
    const describe = (): string =>
      `${JSON.stringify(label)} but ${verdictOf(read.event)} ${JSON.stringify(read.event?.fields)}: ${line}`;
    tally.label(agreed, agreed ? undefined : reasonFor(read, label), describe, options.note);
  }
  tally.report(options);
}

/** fail2ban's own test lines with what each is. */
export function fail2ban(folder: string, options: BenchOptions): void {
  compare(folder, 'sshd', options);
  // The journal's lines stand there without their date.
  compare(folder, 'sshd-journal', options, '2005-06-01T00:00:00Z');
  compare(folder, 'dropbear', options);
  compare(folder, 'pam-generic', options);
  compare(folder, 'selinux-ssh', options);
}
