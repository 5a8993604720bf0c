import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { type Ending, through } from './program.ts';
import { peek } from './streams.ts';
import { utf8 } from './utf16.ts';
import { atFrameEnds } from './zstd-frames.ts';

/** What is wrong with the compressed data; what came before it was good. */
export class Damaged extends Error {}

/** The program is missing that this form of compression needs; what to do about it. */
export class ProgramMissing extends Damaged {}

/**
 * The bytes, decompressed when they begin as gzip, zstd, xz or bzip2 does, whatever the file is called, and as UTF-8
 * when what is then there begins as UTF-16 does. Streamed, so a small file that grows without end costs no memory;
 * parts that follow one another are one text. Throws Damaged.
 */
export const plain = (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> => utf8(decompressed(bytes));

interface Form {
  readonly name: string;
  /** How it may begin, in hexadecimal. */
  readonly magic: readonly string[];
  /** Absent for a form that is known and not read. */
  readonly read?: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

const pieceBytes = 32_768;
/** Of zstd: no more than `zstd -dc` takes without being told to, 128 MiB. */
const windowLog = { [constants.ZSTD_d_windowLogMax]: 27 };
/** xz takes it from the environment; the one of BusyBox, which has no such option, ignores it there. */
const xzLimits = 'XZ_OPT=--memlimit-decompress=256MiB --threads=1';

const forms: readonly Form[] = [
  { name: 'gzip', magic: ['1f8b'], read: (bytes) => native('gzip', bytes, createGunzip({ chunkSize: pieceBytes })) },
  {
    name: 'zstd',
    magic: ['28b52ffd', ...Array.from('0123456789abcdef', (digit) => `5${digit}2a4d18`)],
    read: unzstd,
  },
  { name: 'xz', magic: ['fd377a585a00'], read: (bytes) => foreign('xz', bytes) },
  {
    name: 'bzip2',
    magic: Array.from('123456789', (level) => [`425a683${level}3141`, `425a683${level}1772`]).flat(),
    read: (bytes) => foreign('bzip2', bytes),
  },
  { name: 'a ZIP archive', magic: ['504b0304'] },
  { name: 'a 7z archive', magic: ['377abcaf271c'] },
  { name: 'lz4 data', magic: ['04224d18'] },
  { name: 'data of compress (.Z)', magic: ['1f9d'] },
];
const longest = 6;

async function* decompressed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let { head, all } = await peek(bytes, 2);
  let start = hex(head);
  // No more is waited for than is needed: on standard input it may never come.
  while (forms.some(({ magic }) => magic.some((each) => each.length > start.length && each.startsWith(start)))) {
    const before = head.length;
    ({ head, all } = await peek(all, before + 1));
    if (head.length === before) break;
    start = hex(head);
  }
  const form = forms.find(({ magic }) => magic.some((each) => start.startsWith(each)));
  if (form === undefined) yield* all;
  else if (form.read !== undefined) yield* form.read(all);
  else throw new Damaged(`${form.name}, which is not read: unpack it first`);
}

const hex = (head: Uint8Array): string => Buffer.from(head.subarray(0, longest)).toString('hex');

async function* unzstd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let garbage = false;
  const frames = atFrameEnds(bytes, () => {
    garbage = true;
  });
  yield* native('zstd', frames, createZstdDecompress({ chunkSize: pieceBytes, params: windowLog }));
  if (garbage) throw new Damaged('zstd data followed by something else');
}

async function* native(name: string, bytes: AsyncIterable<Uint8Array>, engine: Transform): AsyncGenerator<Uint8Array> {
  let failure: unknown;
  // A reader that stops early destroys the stream; `pipeline` then closes the source.
  const stream = pipeline(Readable.from(bytes), engine, (error) => {
    failure = error;
  });
  try {
    yield* stream;
  } catch (error) {
    throw describe(name, failure ?? error);
  }
}

function describe(name: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'Z_BUF_ERROR') return new Damaged(`${name} data cut short`, { cause: error });
  if (/^(?:Z|ZSTD)_/.test(code))
    return new Damaged(`${name} data damaged: ${(error as Error).message}`, { cause: error });
  return error;
}

/** Through the program of that name; `env` finds it, and ends with 127 where there is none. */
function foreign(program: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const onEnd = ({ code, words }: Ending): void => {
    if (code === 127) {
      throw new ProgramMissing(
        `${program} data, and no program "${program}" to read them with: install it, or unpack the file first`,
      );
    }
    const said = words.split('\n').find((line) => line.trim() !== '');
    if (code !== 0)
      throw new Damaged(`${program} data cut short or damaged: ${said?.trim() ?? `it ended with ${code}`}`);
  };
  return through(['env', 'LC_ALL=C', xzLimits, program, '-dc'], bytes, onEnd);
}
