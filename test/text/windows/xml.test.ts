import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { decode } from '../../../src/text/windows/characters.ts';
import { windowsRecord } from '../../../src/text/windows/from-json.ts';
import { recordOfXml } from '../../../src/text/windows/record.ts';
import { type Element, XmlReader } from '../../../src/text/windows/xml.ts';

const event = (inner: string): string => `<Event><EventData><Data Name="a">${inner}</Data></EventData></Event>`;

const read = (xml: string): Element | undefined => new XmlReader().read(xml);
const dataOf = (xml: string): unknown => read(xml)?.children[0]?.data[1];

test('the characters that XML names stand for themselves, once', () => {
  assert.equal(dataOf(event('&lt;a&gt; &amp;amp; &quot;&apos; &#65;&#x42;&#x1F600;')), '<a> &amp; "\' AB😀');
  assert.equal(
    dataOf(event('&#0;&#xD800;&#x110000;&#9999999;&nbsp;&b;&')),
    '&#0;&#xD800;&#x110000;&#9999999;&nbsp;&b;&',
  );
});

test('CDATA is text as it is, and a comment is none', () => {
  assert.equal(dataOf(event('<![CDATA[</Data>&lt;]]>')), '</Data>&lt;');
  assert.equal(dataOf(event('a<!-- b -->c')), 'ac');
});

test('numbers and spaces are kept as they are written', () => {
  assert.equal(dataOf(event(' 007 ')), ' 007 ');
  assert.equal(dataOf(event('1e5')), '1e5');
});

const laughs = Array.from({ length: 30 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');

for (const [name, xml] of [
  ['a billion laughs', `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>${event('&l30;')}`],
  ['laughs of one long entity', `<!DOCTYPE x [<!ENTITY l "${'x'.repeat(100_000)}">]>${event('&l;'.repeat(30_000))}`],
  ['an entity from a file', `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${event('&f;')}`],
] as const) {
  test(`${name}: is refused with its document type`, () => {
    const start = performance.now();
    const text = dataOf(xml);
    assert.ok(performance.now() - start < 2000);
    assert.equal(text, undefined);
  });
}

const many = 20_000;
for (const [name, xml] of [
  ['deep nesting', `<Event>${'<a>'.repeat(many)}${'</a>'.repeat(many)}</Event>`],
  ['tags without end', `<Event>${'<a>'.repeat(many)}`],
  ['ends without tag', `<Event>${'</a>'.repeat(many)}</Event>`],
  ['a megabyte attribute', `<Event><a b="${'x'.repeat(1_048_576)}"/></Event>`],
  ['a megabyte of text', event('&amp;'.repeat(200_000))],
  ['a megabyte of bare ampersands', event('&'.repeat(1_048_576))],
  ['many attributes', `<Event><a ${Array.from({ length: many }, (_, i) => `a${i}="1"`).join(' ')}/></Event>`],
  ['many names without value', `<Event><a ${'b '.repeat(100_000)}/></Event>`],
  ['quotes without end', `<Event><a ${`b='"' c="`.repeat(many)}/></Event>`],
  ['equals and spaces', `<Event><a b=${' '.repeat(200_000)}></a></Event>`],
  ['many tags', `<Event>${'<a/>'.repeat(60_000)}</Event>`],
  ['many data', `<Event><EventData>${'<Data Name="a">b</Data>'.repeat(11_000)}</EventData></Event>`],
  ['many instructions', `<Event>${'<?a b?>'.repeat(30_000)}</Event>`],
  ['many comments', `<Event>${'<!--a-->'.repeat(30_000)}</Event>`],
  ['CDATA without end', `<Event>${'<![CDATA['.repeat(25_000)}`],
  ['names of the prototype', '<Event><__proto__>x</__proto__><constructor __proto__="y"/><toString/></Event>'],
] as const) {
  test(`${name} takes little time, throws nothing and changes no prototype`, () => {
    const start = performance.now();
    read(xml);
    const took = performance.now() - start;
    assert.ok(took < 2000, `${took} ms`);
    assert.ok(!('x' in {}) && Object.keys(Object.prototype).length === 0);
  });
}

test('any text at all is parsed or refused', () => {
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
    '<!',
    '--',
    '[CDATA[',
    ']]>',
    '<?',
    '&#',
    ';',
    '#text',
  );
  const hostile = fc.array(piece, { maxLength: 40 }).map((pieces) => `<Event>${pieces.join('')}</Event>`);
  const reader = new XmlReader();
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), hostile), (xml) => {
      const event = reader.read(xml);
      assert.ok(event === undefined || (reader.end > 0 && reader.end <= xml.length));
    }),
    { numRuns: 3000 },
  );
});

for (const [what, xml] of [
  ['another end tag', '<Event><a></b></Event>'],
  ['no end', '<Event><a></a>'],
  ['an attribute without quotes', '<Event a=1></Event>'],
  ['an attribute without value', '<Event a></Event>'],
  ['attributes without space between', '<Event a="1"b="2"></Event>'],
  ['a tag in an attribute', '<Event a="<b>"></Event>'],
  ['17 in each other', `${'<a>'.repeat(17)}${'</a>'.repeat(17)}`],
  ['text alone', 'Event'],
  ['an end alone', '</Event>'],
] as const) {
  test(`${what} is not well-formed, or too deep`, () => assert.equal(read(xml), undefined));
}

test('what follows the element is left alone, and said where it is', () => {
  const reader = new XmlReader();
  const xml = 'x<Event a="b"/>y';
  assert.deepEqual(reader.read(xml, 1), { name: 'Event', attributes: ['a', 'b'], text: '', children: [], data: [] });
  assert.equal(xml.slice(reader.end), 'y');
});

const peer = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  removeNSPrefix: true,
  isArray: (name) => name === 'Data',
  processEntities: false,
  cdataPropName: '#cdata',
});

const names = ['TargetUserName', 'IpAddress', 'a'];

/** All that is read of an event. */
function known(record: ReturnType<typeof windowsRecord>): unknown {
  if ('reason' in record) return 'none';
  const { data, ...rest } = record;
  return { ...rest, data: names.map((name) => data(name)) };
}

/** As the other parser has it: with the characters decoded and CDATA where it stood, so each tag has one text. */
function decoded(value: unknown): unknown {
  if (typeof value === 'string') return decode(value);
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, name === '#cdata' ? inner : decoded(inner)]);
  const object = Object.fromEntries(entries) as Record<string, unknown>;
  if (!('#cdata' in object)) return object;
  const { '#cdata': data, ...rest } = object;
  return { ...rest, '#text': `${rest['#text'] ?? ''}${[data].flat().join('')}` };
}

test('property: any well-formed event is read as fast-xml-parser reads it', () => {
  const space = fc.constantFrom('', '', ' ', '\n  ', '\t');
  const text = fc.oneof(
    fc.constantFrom(
      '4624',
      '-',
      '',
      ' x ',
      '&lt;',
      '&#65;&#x42;',
      '&amp;amp;',
      '>',
      "'",
      '"',
      '=',
      'a b',
      'é',
      '\u2028',
    ),
    fc.stringMatching(/^[^<&\r\]]{0,20}$/).filter((each) => !each.includes(']]>')),
  );
  const content = fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 1, arbitrary: text.map((inner) => `<!-- ${inner.replaceAll('-', '')} -->${inner}`) },
    { weight: 1, arbitrary: text.map((inner) => `<![CDATA[${inner}<b>&amp;]]>`) },
    { weight: 1, arbitrary: text.map((inner) => `<?go ${inner.replaceAll(/[?'"]/g, '')}?>${inner}`) },
    { weight: 1, arbitrary: text.map((inner) => `<b c='d'>${inner}</b>${inner}`) },
  );
  const quote = fc.constantFrom('"', "'");
  const value = fc.constantFrom(...names, '&amp;&lt;', 'x>y', '', 'Security', '2026-01-02T03:04:05.6789012Z');
  const attribute = fc
    .tuple(space, fc.constantFrom('Name', 'SystemTime', 'Guid'), space, space, quote, value)
    .map(([before, name, left, right, mark, inner]) => ({
      name,
      text: ` ${before}${name}${left}=${right}${mark}${inner}${mark}`,
    }));
  const prefix = fc.constantFrom('', '', 'e:');
  const tag = (name: fc.Arbitrary<string>): fc.Arbitrary<{ name: string; xml: string }> =>
    fc
      .record({
        name,
        prefix,
        attributes: fc.uniqueArray(attribute, { maxLength: 3, selector: (each) => each.name }),
        inner: fc.option(content),
        space,
        before: space,
      })
      .map(({ name, prefix, attributes, inner, space, before }) => {
        const start = `${before}<${prefix}${name}${attributes.map((each) => each.text).join('')}`;
        return {
          name,
          xml: inner === null ? `${start}${space}/>` : `${start}${space}>${inner}</${prefix}${name}${space}>`,
        };
      });
  const system = fc.uniqueArray(
    tag(fc.constantFrom('EventID', 'Computer', 'TimeCreated', 'Provider', 'Channel', 'Level', 'EventRecordID')),
    { selector: (each) => each.name },
  );
  const data = fc.array(tag(fc.constant('Data')), { maxLength: 6 });
  const reader = new XmlReader();
  let read = 0;
  fc.assert(
    fc.property(prefix, system, data, space, (mark, tags, values, between) => {
      const join = (list: readonly { xml: string }[]): string => list.map((each) => each.xml).join(between);
      const xml = `<${mark}Event xmlns:e='x'>${between}<System>${join(tags)}</System><EventData>${join(values)}</EventData>${between}</${mark}Event>`;
      const mine = known(recordOfXml(reader.read(xml)));
      assert.deepEqual(mine, known(windowsRecord(decoded(peer.parse(xml)) as never)), xml);
      if (mine !== 'none') read++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(read > 500, `${read}`);
});
