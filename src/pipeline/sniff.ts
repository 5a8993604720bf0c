import { createReadStream } from 'node:fs';
import { ScopsError } from '../event/index.ts';
import { Damaged, plain } from '../io/decompress.ts';
import { listFiles, unreadable } from '../io/list.ts';
import { EventTable } from '../text/windows/table.ts';

const headBytes = 65_536;
/** So many files are looked at before giving up. */
const most = 20;

interface Form {
  readonly source: string;
  /** Of a line of the beginning; of JSON, whose lines may be parts of records, of the whole beginning. */
  readonly looks: (text: string) => boolean;
}

/** What a record of each source looks like; the first form that the beginning has, is it. */
const jsonForms: readonly Form[] = [
  { source: 'journald', looks: (text) => text.includes('"__REALTIME_TIMESTAMP"') },
  { source: 'windows-logon', looks: (text) => /"(?:winlog|_?EventI[Dd]|EventData|_?TargetUserName)"/.test(text) },
  { source: 'wazuh', looks: (text) => /"(?:rule|full_log|decoder|syscheck|wazuh)"/.test(text) },
  { source: 'sshd', looks: (text) => text.includes('"log"') },
];
const lineForms: readonly Form[] = [
  { source: 'windows-logon', looks: (line) => line.startsWith('ElfFile\0') },
  { source: 'windows-logon', looks: (line) => /^\s*(?:-\s*)?(?:<\?xml|<Events?[\s>])/.test(line) },
  { source: 'windows-logon', looks: (line) => new EventTable().begins(line) },
  { source: 'rba', looks: (line) => line.includes('Login Timestamp,User ID,') },
  { source: 'lanl', looks: (line) => /^\d{1,12},[^,\s]{1,200}@[^,\s]{1,200},[^,\s]{1,200}@/.test(line) },
  { source: 'login-csv', looks: (line) => /^"?[\dT:.+Z-]{9,35}"?\s*,\s*"?[0-9A-Fa-f.:]{2,45}"?\s*(?:,|$)/.test(line) },
];

/** The sources of logins that files may be read by. */
export const loginFormats: readonly string[] = [
  ...new Set(['sshd', ...[...jsonForms, ...lineForms].map(({ source }) => source)]),
];

/**
 * Which source reads files like these, from how the first of them that has any text begins; `sshd`, for system logs,
 * unless it is clearly another. Standard input is not looked at. Throws ScopsError SOURCE_UNREADABLE, and INPUT_INVALID
 * where there is nothing but JSON of no kind that is known.
 */
export async function sniffSource(paths: readonly string[]): Promise<string> {
  const files = await listFiles(
    paths.filter((path) => path !== '-'),
    { takes: () => true, onSkip: () => undefined },
  );
  let foreign: string | undefined;
  for (const { path } of files.filter(({ inode }) => inode !== '').slice(0, most)) {
    const head = (await readHead(path)).toString('utf8').replace(/^\ufeff/, '');
    if (head.trim() === '') continue;
    const form = formOf(head);
    if (form !== undefined) return form;
    foreign ??= path;
  }
  if (foreign === undefined) return 'sshd';
  throw new ScopsError(
    'INPUT_INVALID',
    `"${foreign}" is JSON of no kind that is known. If it holds logins, say which with --format: ${loginFormats.join(', ')}.`,
  );
}

/** Undefined for JSON of an unknown kind. */
function formOf(head: string): string | undefined {
  const lines = head.split('\n', 50);
  const isJson = /^\s*(?:\{\s*["}]|\[\s*[{\]])/.test(head);
  const form = isJson
    ? jsonForms.find(({ looks }) => looks(head))
    : (jsonForms.find(({ looks }) => lines.some((line) => line.startsWith('{') && looks(line))) ??
      lineForms.find(({ looks }) => lines.some((line) => looks(line))));
  if (form !== undefined) return form.source;
  return isJson && lines.every((line) => !/^[^\s{}[\]",]/.test(line)) ? undefined : 'sshd';
}

/** The first 64 KiB of a file, decompressed; less where it is damaged. Throws ScopsError SOURCE_UNREADABLE. */
export async function readHead(path: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of plain(createReadStream(path, { highWaterMark: headBytes }))) {
      pieces.push(piece);
      length += piece.length;
      if (length >= headBytes) break;
    }
  } catch (error) {
    if (!(error instanceof Damaged)) throw unreadable(path, error);
  }
  return Buffer.concat(pieces).subarray(0, headBytes);
}
