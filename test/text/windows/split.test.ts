import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventSplitter } from '../../../src/text/windows/split.ts';

/** What comes out of lines: the events' XML, and the reasons. */
function split(lines: readonly string[], splitter = new EventSplitter()): string[] {
  const parts = lines.flatMap((line) => splitter.push(line)).map((part) => ('xml' in part ? part.xml : part.reason));
  const unfinished = splitter.end();
  return unfinished === undefined ? parts : [...parts, unfinished.reason];
}

const [one, two] = ['<Event xmlns="x"><System/></Event>', '<Event><EventData/></Event>'];

test('events on a line, on lines of their own, and over several lines', () => {
  assert.deepEqual(split([one, two]), [one, two]);
  assert.deepEqual(split([`<?xml version="1.0"?><Events>${one}${two}</Events>`]), [one, two]);
  assert.deepEqual(
    split([
      '\ufeff<?xml version="1.0"?>',
      '<Events>',
      '<!-- all -->',
      '- <Event',
      '  xmlns="x">',
      '</Event> <Event>',
      '</Event>',
      '</Events>',
    ]),
    ['<Event\n  xmlns="x">\n</Event>', '<Event>\n</Event>'],
  );
});

test('CDATA and comments neither begin nor end an event, whatever they say', () => {
  const inner = '</Event><Event><!--</Event>';
  const event = `<Event><Data><![CDATA[${inner}]]></Data><!-- ${two} --></Event>`;
  assert.deepEqual(split([event, two]), [event, two]);
  const lines = ['<Event><![CDATA[', '</Event>', ']]><!--', '</Event>', '--></Event>'];
  assert.deepEqual(split(lines), [lines.join('\n')]);
  assert.deepEqual(split(['<!--', one, '-->', two]), [two]);
});

test('EventID and EventData begin no event', () => {
  const event = '<Event><EventID>1</EventID><EventData/></Event>';
  assert.deepEqual(split([event]), [event]);
});

test('an event without an end costs itself alone', () => {
  const reason = 'an event that does not end before the next';
  assert.deepEqual(split(['<Event><System>', one]), [reason, one]);
  assert.deepEqual(split([`<Event><System>${one}`]), [reason, one]);
  assert.deepEqual(split([one, '<Event><System>']), [one, 'the input ends within an event']);
});

test('an event within an event is none of it', () => {
  const reason = 'an event that does not end before the next';
  assert.deepEqual(split([`<Event>${one}<System/></Event>`]), [reason, one]);
});

test('a document type is remembered over lines and a state', () => {
  const first = new EventSplitter();
  assert.deepEqual(first.push('<Event><!DOCTYPE x>'), []);
  const second = new EventSplitter();
  second.restore(first.state());
  assert.deepEqual(split(['</Event>', two], second), ['an event with a document type, which none of Windows has', two]);
});

test('an event of any length is not kept', () => {
  const splitter = new EventSplitter();
  splitter.push('<Event>');
  for (let i = 0; i < 1000; i++) {
    splitter.push('x'.repeat(10_000));
    assert.ok(splitter.state().length < 270_000);
  }
  assert.deepEqual(split(['</Event>', one], splitter), ['an event of more than 262144 characters', one]);
  assert.deepEqual(split([`<Event>${'x'.repeat(262_144)}</Event>${one}`]), [
    'an event of more than 262144 characters',
    one,
  ]);
});

test('a document type is refused', () => {
  const event = '<Event><!DOCTYPE a [<!ENTITY b "c">]></Event>';
  assert.deepEqual(split([event, one]), ['an event with a document type, which none of Windows has', one]);
});

test('other text is refused once a line', () => {
  const reason = 'neither Event XML nor a JSON object';
  assert.deepEqual(split(['Jan 2 host sshd: x', '<html><p>', ' - ', '']), [reason, reason]);
  assert.deepEqual(split([`Jan 2 host: ${one}`]), [one]);
});

test('a state that is none is refused', () => {
  for (const state of ['x', '0-', '9-<Event>', '1x', `1-${'x'.repeat(300_000)}`]) {
    assert.throws(() => new EventSplitter().restore(state), TypeError, state.slice(0, 20));
  }
});

const pieces = fc.array(
  fc.constantFrom(
    '<Event>',
    '<Event ',
    '</Event>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<!D',
    '<',
    '>',
    'x',
    '\n',
    one,
    '</E',
  ),
  { maxLength: 30 },
);

test('stopped between any two lines, the rest is the same', () => {
  fc.assert(
    fc.property(pieces, fc.nat({ max: 10 }), (parts, at) => {
      const lines = parts.join('').split('\n');
      const whole = split(lines);
      const first = new EventSplitter();
      const before = lines.slice(0, at).flatMap((line) => first.push(line));
      const second = new EventSplitter();
      second.restore(first.state());
      const after = split(lines.slice(at), second);
      assert.deepEqual([...before.map((part) => ('xml' in part ? part.xml : part.reason)), ...after], whole);
    }),
    { numRuns: 2000 },
  );
});

test('whatever comes between, an event that begins after the last end is found', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const found = split([parts.join('').replaceAll('\n', ''), ']]>', '-->', ']]>', one]);
      assert.equal(found.at(-1), one);
      for (const text of found) assert.ok(text.length > 0);
    }),
    { numRuns: 2000 },
  );
});

for (const [name, line] of [
  ['a megabyte of <', '<'.repeat(1_048_576)],
  ['a megabyte of begun events', '<Event '.repeat(150_000)],
  ['a megabyte of begun comments', `<Event>${'<!--'.repeat(260_000)}`],
  ['a megabyte of CDATA', `<Event>${'<![CDATA[]]>'.repeat(87_000)}`],
  ['a megabyte of ends', '</Event>'.repeat(131_072)],
] as const) {
  test(`${name} takes linear time`, () => {
    const start = performance.now();
    split([line, line]);
    assert.ok(performance.now() - start < 2000);
  });
}
