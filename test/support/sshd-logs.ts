import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import * as v from 'valibot';
import {
  type Covering,
  type Event,
  isCovering,
  isResumable,
  type Resumable,
  type Source,
} from '../../src/event/index.ts';
import { sshd } from '../../src/sources/sshd.ts';
import { type TestContext, testContext } from './context.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-sshd-'));
after(() => rm(root, { recursive: true, force: true }));

let folders = 0;

/** A folder of files; a name may be followed by ` @` and the date when the file was written last. */
export async function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const made = join(root, String(folders++));
  await mkdir(made);
  for (const [key, content] of Object.entries(files)) {
    const [name, date] = key.split(' @') as [string, string | undefined];
    await mkdir(dirname(join(made, name)), { recursive: true });
    await writeFile(join(made, name), content);
    if (date !== undefined) await utimes(join(made, name), new Date(date), new Date(date));
  }
  return made;
}

export function open(
  options: Record<string, unknown>,
  context: TestContext = testContext(),
): Source & Resumable & Covering {
  const source = sshd.create(v.parse(sshd.options, options), context);
  assert.ok(isResumable(source) && isCovering(source));
  return source;
}

export async function collect(source: Source): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of source.events()) events.push(event);
  return events;
}

/** A login with its number, plus 1000, as the port: `at` is all that stands before the host. */
export const login = (at: string, number: number, user = 'alice'): string =>
  `${at} web1 sshd[700]: Accepted publickey for ${user} from 192.0.2.7 port ${1000 + number} ssh2: ED25519 SHA256:Zm9v`;

/** `Mar  1 10:00:00` and so on, a second apart. */
export const second = (number: number): string =>
  `Mar  1 10:${String(Math.floor(number / 60)).padStart(2, '0')}:${String(number % 60).padStart(2, '0')}`;

/** Logins of these numbers, a second apart, each with a line break. */
export const logins = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${login(second(from + i), from + i)}\n`).join('');

export const ports = (events: readonly Event[]) => events.map(({ fields }) => Number(fields['source.port']) - 1000);
export const times = (events: readonly Event[]) => events.map(({ time }) => new Date(time).toISOString());
export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
