import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { jsonLines, runScops } from '../support/scops.ts';

interface Found {
  readonly id: string;
  readonly title: string;
  readonly reasons: readonly { readonly text: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'scops-readme-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

for (const heading of ['Your own logins', 'Your own cloud']) {
  test(`README, ${heading}: the sample is what its commands bring`, async () => {
    const [, section = ''] = readme.split(`## ${heading}\n`);
    const [, commands = '', sample = ''] = /```sh\n(.*?)```.*?```text\n(.*?)```/s.exec(section) ?? [];
    let out = '';
    for (const command of commands.trimEnd().split('\n')) {
      const ran = await runScops(folder, command.split(' ').slice(1));
      assert.equal(ran.code, 0, `${command}: ${ran.err}`);
      out = ran.out;
    }
    const [title, ...said] = sample
      .trimEnd()
      .split(/\n- |\n(?=[a-z-]+:)/)
      .map((text) => text.replace(/\s+/g, ' '));
    const found = (jsonLines(out) as unknown as Found[]).find((each) => each.title === title);
    assert.ok(found, title);
    const texts = [...found.reasons.map(({ text }) => text), found.id];
    assert.deepEqual(
      texts.filter((text) => said.includes(text)),
      said,
    );
  });
}
