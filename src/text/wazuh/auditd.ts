/** What one auditd event says about a process that was started. Absent: not recorded, or `(null)`, `(none)`, `?`. */
export interface AuditEvent {
  /** The number after the colon in `msg=audit(1700000000.123:456)`. */
  readonly serial: string;
  /** Fields of the SYSCALL record, and the names that `log_format = ENRICHED` adds to it in capitals. */
  readonly syscall: ReadonlyMap<string, string>;
  readonly cwd?: string;
  /** The arguments of the EXECVE records, decoded. */
  readonly execve?: readonly string[];
  /** The command line of the PROCTITLE record, decoded; the kernel cuts it at 128 bytes. */
  readonly proctitle?: readonly string[];
}

/**
 * Read the records of one auditd event, joined into one text by spaces or line breaks, as Wazuh's `full_log` holds them.
 * Records of any other event in the text are left out. Undefined when the text holds no record.
 * The format: https://github.com/linux-audit/audit-documentation/wiki/SPEC-Audit-Event-Enrichment and
 * `audit_log_untrustedstring` in Linux' kernel/audit.c: a string that holds a quote, a space or a byte outside
 * 0x21–0x7e is written as hexadecimal digits, anything else in double quotes. So a quoted value ends at the next quote.
 */
export function parseAudit(log: string): AuditEvent | undefined {
  let serial: string | undefined;
  let cwd: string | undefined;
  let proctitle: string[] | undefined;
  const syscall = new Map<string, string>();
  const execve = new Map<number, string | Piece[]>();
  scan(log, (type, of, key, value, quoted) => {
    serial ??= of;
    if (of !== serial) return;
    if (type === 'SYSCALL') {
      const known = readValue(key, value, quoted);
      if (known !== undefined && !syscall.has(key)) syscall.set(key, known);
    } else if (type === 'EXECVE') addArgument(execve, key, value, quoted);
    else if (type === 'CWD' && key === 'cwd') cwd ??= readValue(key, value, quoted);
    else if (type === 'PROCTITLE' && key === 'proctitle') proctitle ??= readTitle(value, quoted);
  });
  if (serial === undefined) return undefined;
  return {
    serial,
    syscall,
    ...(cwd !== undefined && { cwd }),
    ...(execve.size > 0 && { execve: joinArguments(execve) }),
    ...(proctitle !== undefined && { proctitle }),
  };
}

type Visit = (type: string, serial: string, key: string, value: string, quoted: boolean) => void;

const equals = 0x3d;
const isGap = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x1d;

/** Call `visit` for each `key=value` of each record, in order. One pass; a quoted value is never looked into. */
function scan(log: string, visit: Visit): void {
  let type = '';
  let serial = '';
  let at = 0;
  while (at < log.length) {
    at = skipGaps(log, at);
    const start = at;
    while (at < log.length && log.charCodeAt(at) !== equals && !isGap(log.charCodeAt(at))) at++;
    if (log.charCodeAt(at) !== equals) continue;
    const key = log.slice(start, at);
    at++;
    const first = log.charCodeAt(at);
    if (first === 0x22 || first === 0x27) {
      const close = log.indexOf(first === 0x22 ? '"' : "'", at + 1);
      const end = close < 0 ? log.length : close;
      if (first === 0x22 && serial !== '') visit(type, serial, key, log.slice(at + 1, end), true);
      at = end + 1;
      continue;
    }
    const end = endOfPlain(log, at);
    const value = log.slice(at, end);
    at = end;
    if (key === 'type' && log.startsWith(' msg=audit(', end)) {
      const close = log.indexOf(')', end + 11);
      const colon = close < 0 ? -1 : log.lastIndexOf(':', close);
      if (colon < end + 11) return;
      type = value;
      serial = log.slice(colon + 1, close);
      at = close + 1;
    } else if (serial !== '') visit(type, serial, key, value, false);
  }
}

/** Between values stand spaces, or before the enriched ones a GS (0x1d), which some relays write as `#035` or `\u001d`. */
function skipGaps(log: string, from: number): number {
  let at = from;
  for (;;) {
    const code = log.charCodeAt(at);
    const length = isGap(code) ? 1 : writtenGap(log, at, code);
    if (length === 0) return at;
    at += length;
  }
}

function writtenGap(log: string, at: number, code: number): number {
  if (code === 0x23) return log.startsWith('#035', at) ? 4 : 0;
  if (code !== 0x5c) return 0;
  return log.startsWith('\\u001d', at) || log.startsWith('\\u001D', at) ? 6 : 0;
}

/** Enriched names that may follow an unquoted value with nothing between, as in `key=(null)ARCH=x86_64`. */
const enriched = ['ARCH', 'OUID', 'AUID', 'UID', 'SADDR'];

function endOfPlain(log: string, from: number): number {
  let at = from;
  if (log.charCodeAt(at) === 0x28) {
    const close = log.slice(at, at + 16).indexOf(')');
    if (close > 0) return at + close + 1;
  }
  for (; at < log.length; at++) {
    const code = log.charCodeAt(at);
    if (isGap(code) || writtenGap(log, at, code) > 0) return at;
    if (code === equals) {
      const name = enriched.find((word) => at - word.length >= from && log.startsWith(word, at - word.length));
      if (name !== undefined) return at - name.length;
    }
  }
  return at;
}

/** Fields in which the kernel, or auditd for the enriched names, writes strings that somebody else chose. */
const untrusted = /^(?:comm|exe|cwd|key|[A-Z]+)$/;

function readValue(key: string, value: string, quoted: boolean): string | undefined {
  if (quoted) return value;
  if (value === '' || value === '(null)' || value === '(none)' || value === '?') return undefined;
  return untrusted.test(key) ? decodeHex(value) : value;
}

const isHex = (value: string): boolean => value.length > 1 && /^[0-9A-F]+$/.test(value);

/** Pairs of hexadecimal digits as UTF-8; anything else as it stands. A last odd digit, left by a cut, is dropped. */
const decodeHex = (value: string): string => (isHex(value) ? bytes(value).toString() : value);

const bytes = (hex: string): Buffer => Buffer.from(hex.length % 2 === 0 ? hex : hex.slice(0, -1), 'hex');

function readTitle(value: string, quoted: boolean): string[] | undefined {
  if (quoted) return [value];
  if (value === '' || value === '(null)') return undefined;
  const title = decodeHex(value);
  return (title.endsWith('\0') ? title.slice(0, -1) : title).split('\0');
}

/** Part of an argument too long for one record: `a1_len=9000 a1[0]=… a1[1]=…`. */
interface Piece {
  readonly index: number;
  readonly bytes: Buffer;
}

function addArgument(found: Map<number, string | Piece[]>, key: string, value: string, quoted: boolean): void {
  const name = /^a(\d{1,9})(?:\[(\d{1,9})\])?$/.exec(key);
  if (name === null || (!quoted && value === '(null)')) return;
  const position = Number(name[1]);
  const known = found.get(position);
  if (name[2] === undefined) {
    if (known === undefined) found.set(position, quoted ? value : decodeHex(value));
    return;
  }
  const piece = { index: Number(name[2]), bytes: !quoted && isHex(value) ? bytes(value) : Buffer.from(value) };
  if (known === undefined) found.set(position, [piece]);
  else if (typeof known === 'object') known.push(piece);
}

function joinArguments(found: ReadonlyMap<number, string | Piece[]>): string[] {
  const ordered = [...found].sort(([a], [b]) => a - b);
  return ordered.map(([, value]) => (typeof value === 'string' ? value : joinPieces(value)));
}

/** A character may be split between two pieces, so they become text only together. */
function joinPieces(pieces: readonly Piece[]): string {
  return Buffer.concat(pieces.toSorted((a, b) => a.index - b.index).map((piece) => piece.bytes)).toString();
}
