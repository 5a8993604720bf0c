import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Ran {
  readonly out: string;
  readonly seconds: number;
  /** The greatest resident memory, in MB; null where the system has no /proc. */
  readonly memory: number | null;
}

const root = join(import.meta.dirname, '../..');
/** The built program, as it is installed. */
const main = join(root, 'bin/scops.js');
const pin = ['taskset', '-c', '0'];

/** Whether `scops` below is held to one core, its collector and compiler threads included. */
export const pinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** Build what `scops` below runs. */
export function build(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.ts')], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

/** Run `scops` in a process of its own, on one core where the system has `taskset`. Fails when it does. */
export async function scops(args: readonly string[]): Promise<Ran> {
  const [command = '', ...rest] = [...(pinned ? pin : []), process.execPath, main, ...args];
  const began = performance.now();
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let memory: number | null = null;
  const watch = setInterval(() => {
    memory = greatest(child.pid) ?? memory;
  }, 50);
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    error += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  assert.equal(code, 0, error);
  return { out, seconds: (performance.now() - began) / 1000, memory };
}

/** VmHWM of a process, in MB. https://docs.kernel.org/filesystems/proc.html */
function greatest(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}
