import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { findingRecord } from '../../src/text/finding.ts';
import { findingsTable } from '../../src/text/table.ts';
import { testContext } from '../support/context.ts';
import { finding, findings } from '../support/findings.ts';
import { makeSink, targetOf } from '../support/sink.ts';

async function print(options: object, count = 3): Promise<string> {
  const context = testContext();
  await (await makeSink('stdout', options, context)).write(findings(count));
  return context.printed.join('');
}

test('json is one record a line', async () => {
  const lines = (await print({ format: 'json' })).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    JSON.parse(JSON.stringify(findings(3).map(findingRecord))),
  );
});

test('table, and auto when nobody decided, are a table of the width', async () => {
  const expected = findingsTable(findings(3), { width: 60, color: false });
  assert.equal(await print({ format: 'table', width: 60 }), expected);
  assert.equal(await print({ width: 60 }), expected);
});

test('colours come only when asked for', async () => {
  const plain = await print({});
  assert.equal(stripVTControlCharacters(plain), plain);
  const coloured = await print({ color: true });
  assert.notEqual(coloured, plain);
  assert.equal(stripVTControlCharacters(coloured).replace(/ +$/gm, ''), plain);
});

test('no findings print nothing', async () => assert.equal(await print({}, 0), ''));

test('the format may follow the colon', async () => {
  assert.deepEqual(await targetOf('stdout', 'json'), { format: 'json' });
  await assert.rejects(makeSink('stdout', { format: 'xml' }, testContext()), /format/);
});

test('a finding of any text is one line of JSON', async () => {
  const context = testContext();
  const sink = await makeSink('stdout', { format: 'json' }, context);
  await sink.write([finding({ title: 'a\nb\u2028c\u001b[2J' }, { raw: '\r\n\ud800' })]);
  assert.match(context.printed.join(''), /^[^\n\r\u2028\p{Cc}]+\n$/u);
});
