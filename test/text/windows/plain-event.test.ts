import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPlainEvent } from '../../../src/text/windows/plain-event.ts';
import { recordOfXml, type WindowsRecord } from '../../../src/text/windows/record.ts';
import { XmlReader } from '../../../src/text/windows/xml.ts';

const written = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{5}'/><EventID>4624</EventID><Version>2</Version><Level>0</Level><Task>12544</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-01-02T03:04:05.6789012Z'/><EventRecordID>7</EventRecordID><Correlation ActivityID='{1}'/><Execution ProcessID='744' ThreadID='8120'/><Channel>Security</Channel><Computer>web1</Computer><Security/></System><EventData><Data Name='TargetUserName'>Alice</Data><Data Name='IpAddress'>-</Data></EventData></Event>`;

const names = ['TargetUserName', 'IpAddress', 'a'];

const known = ({ data, ...rest }: WindowsRecord): unknown => ({ ...rest, data: names.map((name) => data(name)) });

function general(xml: string): unknown {
  const record = recordOfXml(new XmlReader().read(xml));
  return 'reason' in record ? record : known(record);
}

test('an event as Windows spells it is read as the general reader reads it, and said where it ends', () => {
  for (const xml of [written, written.replaceAll("'", '"'), written.replace("<Correlation ActivityID='{1}'/>", '')]) {
    const found = readPlainEvent(`x${xml}y`, 1);
    assert.ok(found);
    assert.equal(found.end, xml.length + 1);
    assert.deepEqual(known(found.record), general(xml));
    assert.deepEqual(known(found.record), {
      code: '4624',
      time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      host: 'web1',
      number: '7',
      provider: 'Microsoft-Windows-Security-Auditing',
      channel: 'Security',
      data: ['Alice', undefined, undefined],
    });
  }
});

for (const [what, xml] of [
  ['a comment', written.replace('<System>', '<System><!-- x -->')],
  ['CDATA', written.replace('>Alice<', '><![CDATA[Alice]]><')],
  ['a character written in another way', written.replace('Alice', 'A&amp;B')],
  ['a tag twice', written.replace('<Channel>', '<Computer>other</Computer><Channel>')],
  ['a tag in a value', written.replace('Alice', '<b>Alice</b>')],
  ['no end', written.replace('</Event>', '')],
  ['more after the data', written.replace('</Event>', '<RenderingInfo/></Event>')],
  ['lines', written.replaceAll('><', '>\n<')],
] as const) {
  test(`${what} is left to the general reader`, () => assert.equal(readPlainEvent(xml, 0), undefined));
}

test('property: what is read is read as the general reader reads it', () => {
  const text = fc.oneof(
    fc.constantFrom('-', ' x ', '>', "'", ']]>', 'é', '\u2028'),
    fc.stringMatching(/^[^<&\r]{0,20}$/),
  );
  const name = fc.oneof(fc.constantFrom(...names), fc.stringMatching(/^[^"'<&\t\n\r]{0,9}$/));
  const data = fc.array(fc.tuple(name, text), { maxLength: 6 });
  let read = 0;
  fc.assert(
    fc.property(data, text, name, (pairs, computer, provider) => {
      const values = pairs.map(([key, inner]) => `<Data Name='${key}'>${inner}</Data>`).join('');
      const xml = written
        .replace(/<EventData>.*<\/EventData>/, () => `<EventData>${values}</EventData>`)
        .replace('web1', () => computer)
        .replace('Microsoft-Windows-Security-Auditing', () => provider);
      const found = readPlainEvent(xml, 0);
      if (found === undefined) return;
      read++;
      assert.deepEqual(known(found.record), general(xml));
    }),
    { numRuns: 3000 },
  );
  assert.ok(read > 1000, `${read}`);
});

test('property: any text is read or left alone, in little time', () => {
  const cut = fc.tuple(fc.nat({ max: written.length }), fc.nat({ max: written.length }), fc.string());
  fc.assert(
    fc.property(cut, ([from, to, between]) => {
      readPlainEvent(written.slice(0, from) + between + written.slice(to), 0);
    }),
    { numRuns: 3000 },
  );
  for (const part of ['<Data Name=', "<Data Name='a'>b</Data>", "'", '<Event ', '\n', '0']) {
    const began = performance.now();
    for (const at of [20, 60, 130, 300, 700]) readPlainEvent(written.slice(0, at) + part.repeat(100_000), 0);
    assert.ok(performance.now() - began < 2000, part);
  }
});
