import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { findingsTable } from '../../src/text/table.ts';
import { finding, reason } from '../support/findings.ts';

const asIs = { serializers: [(value: unknown) => String(value)] };
const plain = { width: 80, color: false };

test('a table for a person', (t) => {
  const long = finding({
    title:
      'rsync -a --delete --exclude .git --rsh "ssh -o StrictHostKeyChecking=no" /srv/app/releases/20260102/ deploy@10.0.0.7:/srv/app/',
    count: 12,
    first: Date.UTC(2026, 0, 2, 9, 58),
    last: Date.UTC(2026, 0, 2, 10, 11, 12),
    rank: 2,
    entity: { type: 'user', name: 'deploy' },
  });
  t.assert.fileSnapshot(
    findingsTable([finding(), long], { ...plain, width: 100 }),
    join(import.meta.dirname, '../golden/stdout/table.txt'),
    asIs,
  );
  t.assert.fileSnapshot(
    findingsTable([finding(), long], { ...plain, width: 60 }),
    join(import.meta.dirname, '../golden/stdout/narrow.txt'),
    asIs,
  );
});

test('colours change how it looks, not what it says', () => {
  const coloured = findingsTable([finding()], { width: 80, color: true });
  assert.notEqual(coloured, findingsTable([finding()], plain));
  const trimmed = (text: string): string[] => text.split('\n').map((line) => line.trimEnd());
  assert.deepEqual(trimmed(stripVTControlCharacters(coloured)), trimmed(findingsTable([finding()], plain)));
});

test('no control character of a log reaches the terminal', () => {
  const anyText = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(anyText, anyText, anyText, anyText, (title, name, host, why) => {
      const entity = { type: 'user', name };
      const one = finding({ title, entity, reasons: [reason(why)] }, { fields: { 'host.name': host } });
      const text = findingsTable([one], plain);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test('an id is on a line of its own, whole, at every width', () => {
  fc.assert(
    fc.property(fc.integer({ min: 40, max: 200 }), fc.stringMatching(/^[\w/:.]{1,150}$/), (width, id) => {
      const lines = findingsTable([finding({ id }), finding()], { width, color: false }).split('\n');
      assert.ok(lines.some((line) => line.trim() === id));
    }),
  );
});

test('lines keep to the width', () => {
  const words = fc.array(fc.stringMatching(/^[a-z/.-]{0,60}$/), { maxLength: 30 }).map((list) => list.join(' '));
  fc.assert(
    fc.property(words, fc.integer({ min: 60, max: 160 }), (title, width) => {
      for (const line of findingsTable([finding({ title })], { width, color: false }).split('\n')) {
        assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
      }
    }),
  );
});

test('a text of megabytes is cut', () => {
  const text = findingsTable([finding({ title: 'x'.repeat(5_000_000) })], plain);
  assert.ok(text.length < 10_000);
  assert.match(text, /x…$/m);
});
