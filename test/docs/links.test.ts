import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { documents, root } from '../support/fenced.ts';

const generated = existsSync(join(root, 'docs/reference'))
  ? readdirSync(join(root, 'docs/reference'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.md'),
    )
  : [];
const all = [
  ...documents(),
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'examples/hosts/README.md',
  ...generated.map((file) => join('docs/reference', file)),
];

for (const file of all) {
  test(`every link of ${file} within the repository leads somewhere`, () => {
    const text = readFileSync(join(root, file), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const full = path === '' ? join(root, file) : join(root, dirname(file), path);
      assert.ok(existsSync(full), `${target} does not exist`);
      if (anchor === undefined || !full.endsWith('.md')) continue;
      const anchors = [...readFileSync(full, 'utf8').matchAll(/^#+ (.+)$/gm)].map((match) =>
        (match[1] as string)
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      );
      assert.ok(anchors.includes(anchor), `${target}: no such heading`);
    }
  });
}

test('the README starts with the two commands that the gate runs', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const gate = readFileSync(join(root, '.ci/run'), 'utf8');
  for (const command of ['npm ci && npm start', 'npm test']) {
    assert.match(readme, new RegExp(`^${command}$`, 'm'));
    assert.match(gate, new RegExp(`^${command}$`, 'm'));
  }
});
