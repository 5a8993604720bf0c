import { createReadStream } from 'node:fs';
import { Damaged, plain } from '../io/decompress.ts';
import { listFiles, unreadable } from '../io/list.ts';

const headBytes = 65_536;
/** So many files are looked at before giving up. */
const most = 20;

interface Form {
  readonly source: string;
  readonly looks: (line: string) => boolean;
}

/** What a record of each source looks like; the first form that some line of the beginning has, is it. */
const forms: readonly Form[] = [
  { source: 'windows-logon', looks: (line) => /^\s*(?:<\?xml|<Events?[\s>])/.test(line) },
  { source: 'journald', looks: (line) => line.startsWith('{') && line.includes('"__REALTIME_TIMESTAMP"') },
  {
    source: 'windows-logon',
    looks: (line) => line.startsWith('{') && /"(?:winlog|EventID|EventData|TargetUserName)"/.test(line),
  },
  {
    source: 'wazuh',
    looks: (line) => line.startsWith('{') && /"(?:rule|full_log|decoder|syscheck|wazuh)"/.test(line),
  },
  { source: 'rba', looks: (line) => line.includes('Login Timestamp,User ID,') },
  { source: 'lanl', looks: (line) => /^\d{1,12},[^,\s]{1,200}@[^,\s]{1,200},[^,\s]{1,200}@/.test(line) },
  { source: 'login-csv', looks: (line) => /^"?[\dT:.+Z-]{9,35}"?\s*,\s*"?[0-9A-Fa-f.:]{2,45}"?\s*(?:,|$)/.test(line) },
];

/**
 * Which source reads files like these, from how the first of them that has any text begins; `sshd`, for system logs,
 * unless it is clearly another. Standard input is not looked at. Throws ScopsError SOURCE_UNREADABLE.
 */
export async function sniffSource(paths: readonly string[]): Promise<string> {
  const files = await listFiles(
    paths.filter((path) => path !== '-'),
    { takes: () => true, onSkip: () => undefined },
  );
  for (const { path } of files.filter(({ inode }) => inode !== '').slice(0, most)) {
    const head = await readHead(path);
    if (head.length === 0) continue;
    const lines = head
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .split('\n', 50);
    const form = forms.find(({ looks }) => lines.some((line) => looks(line)));
    return form?.source ?? 'sshd';
  }
  return 'sshd';
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
