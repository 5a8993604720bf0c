import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

/** What each room may import; docs/architecture.md has the reasons. */
const may: Readonly<Record<string, readonly string[]>> = {
  event: [],
  algorithms: [],
  text: ['event'],
  io: ['event', 'text'],
  sources: ['event', 'algorithms', 'text', 'io'],
  enrichers: ['event', 'algorithms', 'text', 'io'],
  detectors: ['event', 'algorithms', 'text', 'io'],
  sinks: ['event', 'algorithms', 'text', 'io'],
  triage: ['event', 'algorithms', 'text', 'io'],
  report: ['event', 'algorithms', 'text'],
  simulate: ['event', 'algorithms', 'text'],
  pipeline: ['event', 'algorithms', 'text', 'io', 'triage', 'report'],
  testing: ['event', 'algorithms', 'text', 'io'],
  lambda: ['event', 'text', 'io', 'triage', 'pipeline'],
  cli: ['event', 'text', 'triage', 'pipeline', 'simulate'],
};
const withoutNode = ['event', 'algorithms'];

const root = join(import.meta.dirname, '../../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imported = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] as string,
  );

test('there are files to look at', () => assert.ok(files.length > 50, `only ${files.length}`));

test('every room is in the table', () => {
  const rooms = new Set(
    files
      .map((file) => file.split('/'))
      .filter((parts) => parts.length > 1)
      .map(([room]) => room),
  );
  assert.deepEqual([...rooms].sort(), Object.keys(may).sort());
});

for (const file of files.filter((name) => name.includes('/'))) {
  const room = file.split('/')[0] as string;
  test(`${file} imports only what ${room} may`, () => {
    for (const name of imported(file)) {
      if (name.startsWith('node:')) {
        assert.ok(!withoutNode.includes(room), `${room} must not import ${name}`);
      } else if (name.startsWith('.')) {
        const target = relative(root, join(root, dirname(file), name)).split('/');
        if (target[0] === '..') continue;
        const other = target[0] as string;
        assert.ok(other === room || may[room]?.includes(other), `${room} must not import ${other} (${name})`);
      }
    }
  });
}

/** A component is one file, with helpers in a folder of its own name: it never reaches into a sibling. */
for (const file of files.filter((name) => /^(sources|enrichers|detectors|sinks)\//.test(name))) {
  const [room, ...rest] = file.split('/') as [string, ...string[]];
  const own = (rest[0] as string).replace(/\.ts$/, '');
  test(`${file} imports no other of ${room}`, () => {
    for (const name of imported(file).filter((each) => each.startsWith('.'))) {
      const target = relative(join(root, room), join(root, dirname(file), name));
      if (target.startsWith('..')) continue;
      assert.equal((target.split('/')[0] as string).replace(/\.ts$/, ''), own, `${file} imports ${name}`);
    }
  });
}
