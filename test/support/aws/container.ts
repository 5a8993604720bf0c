import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BatchResponse } from '../../../src/lambda.ts';

const root = join(import.meta.dirname, '../../..');

/** The function's folder of the example as it is deployed: with Scops among its packages, here the sources. */
export async function packFunction(): Promise<AsyncDisposable & { readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'scops-function-'));
  // Whoever followed the example's README in the checkout has packages there.
  const filter = (path: string): boolean => basename(path) !== 'node_modules';
  await cp(join(root, 'examples/aws-lambda/function'), folder, { recursive: true, filter });
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/scops'));
  return {
    file: join(folder, 'index.mjs'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A container of Lambda: a process that loads the handler once, and is called one event at a time. */
export interface Container extends AsyncDisposable {
  invoke(event: unknown): Promise<BatchResponse | undefined>;
  /** What it printed. */
  lines(): Record<string, unknown>[];
}

export async function startContainer(file: string, env: Readonly<Record<string, string>>): Promise<Container> {
  const child = fork(join(import.meta.dirname, 'container-child.ts'), [pathToFileURL(file).href], {
    execArgv: ['--conditions=scops-source', '--no-warnings'],
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof first !== 'object') throw new Error(`The container ended with ${first}.`);
  let id = 0;
  return {
    async invoke(event) {
      child.send({ event, id: ++id });
      const [said] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
      if (typeof said !== 'object' || said === null) throw new Error(`The container ended with ${said}.`);
      const { answer, error } = said;
      if (error !== undefined) throw new Error(error);
      return answer;
    },
    lines: () =>
      printed
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
