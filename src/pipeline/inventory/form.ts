import { splitCsv } from '../../text/csv.ts';

/** How a file is written, told by how it begins. */
export type Form = 'json' | 'csv' | 'text' | 'parquet' | 'archive' | 'binary' | 'empty';

const magic: readonly (readonly [Form, readonly number[]])[] = [
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
  ['archive', [0x50, 0x4b, 0x03, 0x04]],
  ['archive', [0x42, 0x5a, 0x68]],
  ['archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];
const fewestColumns = 4;

/** The form of a file from its first bytes, decompressed. CSV has a heading and rows of as many fields. */
export function formOf(head: Buffer): Form {
  if (head.length === 0) return 'empty';
  const known = magic.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte));
  if (known !== undefined) return known[0];
  if (head.includes(0)) return 'binary';
  const lines = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n', 50)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return 'empty';
  if (lines.some((line) => line.startsWith('{') || line === '[' || line.startsWith('[{') || line.startsWith('[ {')))
    return 'json';
  const [heading, row] = lines.slice(0, 2).map((line) => splitCsv(line)?.length ?? 0);
  return heading !== undefined && heading >= fewestColumns && heading === row ? 'csv' : 'text';
}
