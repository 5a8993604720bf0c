import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isObject, type Json } from '../../../src/text/wazuh/values.ts';
import { readPlainEvent } from '../../../src/text/windows/plain-xml.ts';
import { windowsRecord } from '../../../src/text/windows/record.ts';
import { parseEventXml } from '../../../src/text/windows/xml.ts';

const names = ['TargetUserName', 'IpAddress', 'a'];

/** All that is read of an event. */
function known(event: Json): unknown {
  const record = windowsRecord(event);
  if ('reason' in record) return record;
  const { data, ...rest } = record;
  return { ...rest, data: names.map((name) => data(name)) };
}

/** As the parser reads it: a comment is not plain. */
function parsed(xml: string): unknown {
  const end = xml.lastIndexOf('</Event>');
  const other = `${xml.slice(0, end)}<!-- -->${xml.slice(end)}`;
  assert.equal(readPlainEvent(other), undefined);
  const event = parseEventXml(other);
  return isObject(event) && 'Event' in event ? known(event) : event;
}

const written = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>
  <Provider Name="Microsoft-Windows-Security-Auditing" Guid='{5}' /><EventID Qualifiers='0'>4624</EventID><Version>2</Version>
  <TimeCreated SystemTime='2026-01-02T03:04:05.6Z'/><EventRecordID>7</EventRecordID><Correlation/><Execution ProcessID='1' ThreadID="2"></Execution>
  <Channel>Security</Channel><Computer>web1</Computer><Security/></System>
  <EventData><Data Name='TargetUserName'>a&lt;b&amp;lt; </Data><Data Name="IpAddress" /><Data>x</Data></EventData></Event>\n`;

test('an event as Windows writes it is plain, and read as the parser reads it', () => {
  const plain = readPlainEvent(written);
  assert.ok(plain);
  assert.deepEqual(known(plain), {
    code: '4624',
    time: Date.UTC(2026, 0, 2, 3, 4, 5, 600),
    host: 'web1',
    number: '7',
    provider: 'Microsoft-Windows-Security-Auditing',
    channel: 'Security',
    data: ['a<b&lt;', undefined, undefined],
  });
  assert.deepEqual(known(plain), parsed(written));
});

for (const [what, xml] of [
  ['a comment', written.replace('<System>', '<System><!-- x -->')],
  ['CDATA', written.replace('>4624<', '><![CDATA[4624]]><')],
  ['a tag twice', written.replace('<Channel>', '<Computer>other</Computer><Channel>')],
  ['a section twice', written.replace('<EventData>', '<System></System><EventData>')],
  ['an attribute twice', written.replace("Guid='{5}'", "Name='x'")],
  ['a tag in a tag', written.replace('>4624<', '><b>4624</b><')],
  ['another end', written.replace('</Channel>', '</Computer>')],
  ['no end', written.replace('</Event>', '')],
  ['more after the end', `${written}x`],
  ['an attribute without quotes', written.replace("ProcessID='1'", 'ProcessID=1')],
  ['text between tags', written.replace('<Channel>', 'x<Channel>')],
] as const) {
  test(`${what} is not plain`, () => assert.equal(readPlainEvent(xml), undefined));
}

test('property: what is plain is read as the parser reads it', () => {
  const text = fc.oneof(
    fc.constantFrom('4624', '-', ' ', '\n', '&lt;', '&#65;', '&', ']]>', '>', "'", '"', '=', 'a b', 'é', '\u2028'),
    fc.stringMatching(/^[^<\r]{0,20}$/),
  );
  const tagName = fc.constantFrom(
    'System',
    'EventData',
    'EventID',
    'Computer',
    'Data',
    'Data',
    'Provider',
    'Event',
    ...names,
  );
  const attributes = fc
    .array(
      fc.tuple(fc.constantFrom('Name', 'SystemTime', 'Qualifiers'), fc.constantFrom(...names, '&amp;', 'x>y', '')),
      {
        maxLength: 2,
      },
    )
    .map((all) => all.map(([name, value]) => ` ${name}="${value}"`).join(''));
  const leaf = fc
    .tuple(tagName, attributes, fc.option(text))
    .map(([name, more, inner]) => (inner === null ? `<${name}${more}/>` : `<${name}${more}>${inner}</${name}>`));
  const leaves = fc.array(fc.oneof({ weight: 9, arbitrary: leaf }, text), { maxLength: 6 });
  let plain = 0;
  fc.assert(
    fc.property(leaves, leaves, (system, data) => {
      const xml = `<Event><System><EventID>4624</EventID>${system.join('')}</System><EventData>${data.join(' ')}</EventData></Event>`;
      const event = readPlainEvent(xml);
      if (event === undefined) return;
      plain++;
      assert.deepEqual(known(event), parsed(xml));
    }),
    { numRuns: 3000 },
  );
  assert.ok(plain > 100, `${plain}`);
});

test('property: any text at all is plain or not, in little time', () => {
  const piece = fc.constantFrom(
    '<Event>',
    '</Event>',
    '<',
    '>',
    '/',
    '"',
    "'",
    '=',
    ' ',
    'a',
    '<a b="',
    '<!--',
    '&#',
    '<Data>',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      readPlainEvent(`<Event>${pieces.join('')}</Event>`);
    }),
    { numRuns: 3000 },
  );
  for (const part of ['<a>', '<a', ' ', '<a b="c"', ' b="c"', "'", '<a></a>', ' a =']) {
    const began = performance.now();
    readPlainEvent(`<Event><a ${part.repeat(100_000)}`);
    readPlainEvent(`<Event>${part.repeat(100_000)}`);
    assert.ok(performance.now() - began < 1000, part);
  }
});
