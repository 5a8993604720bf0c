import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { documents, fenced, root } from '../support/fenced.ts';

/**
 * Every `sh` and `ts` block runs, in order, in a fresh folder per document that holds the shipped example under the
 * names the documents use. Blocks for other machines (a Wazuh manager, a broker) are marked `console` or `yaml` and
 * do not run here.
 */
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'scops-docs-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const bin = join(folder, 'bin');
mkdirSync(bin);
writeFileSync(join(bin, 'scops'), `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'src/cli/main.ts')}" "$@"\n`, {
  mode: 0o755,
});

function workplace(name: string): string {
  const place = join(folder, name.replaceAll('/', '_'));
  mkdirSync(place);
  for (const [from, to] of [
    ['training.jsonl.gz', 'training.json'],
    ['new-day.jsonl.gz', 'test.json'],
  ] as const) {
    copyFileSync(join(root, 'examples/hosts', from), join(place, from));
    writeFileSync(join(place, to), gunzipSync(readFileSync(join(root, 'examples/hosts', from))));
  }
  copyFileSync(join(root, 'examples/logins/login_analyze.json'), join(place, 'login_analyze.json'));
  return place;
}

/** Blocks that the gate runs as they stand, from a clean checkout. */
const gate = /^npm (ci|test)/m;

let ran = 0;
for (const file of documents()) {
  const blocks = fenced(file).filter(({ language, code }) => ['sh', 'ts'].includes(language) && !gate.test(code));
  if (blocks.length === 0) continue;
  describe(file, { concurrency: 1 }, () => {
    const place = workplace(file);
    for (const { line, language, code } of blocks) {
      test(`${file}:${line} runs`, async () => {
        const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: '1' };
        if (language === 'sh')
          await run('bash', ['-euo', 'pipefail', '-c', code], { cwd: place, env, maxBuffer: 64e6 });
        else {
          // Inside the package, so that its own name resolves; the condition picks the sources over the build.
          const script = join(root, 'test', `.example-${process.pid}-${line}.ts`);
          writeFileSync(script, code);
          try {
            await run(process.execPath, ['--conditions=scops-source', script], { cwd: place, env, maxBuffer: 64e6 });
          } finally {
            rmSync(script);
          }
        }
        ran++;
      });
    }
  });
}

test('some examples ran', () => assert.ok(ran >= 2, `only ${ran}`));
