import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseEventXml } from '../../../src/text/windows/xml.ts';

const event = (inner: string): string => `<Event><EventData><Data Name="a">${inner}</Data></EventData></Event>`;

function dataOf(xml: string): unknown {
  const parsed = parseEventXml(xml) as { Event?: { EventData?: { Data?: { '#text'?: string }[] } } };
  return parsed.Event?.EventData?.Data?.[0]?.['#text'];
}

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
  test(`${name}: no entity stands for anything`, () => {
    const start = performance.now();
    const text = dataOf(xml);
    assert.ok(performance.now() - start < 2000);
    assert.ok(text === undefined || /^(?:&l30;|(?:&l;)+|&f;)$/.test(String(text)));
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
    parseEventXml(xml);
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
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), hostile), (xml) => {
      const parsed = parseEventXml(xml);
      assert.ok('Event' in parsed || ('reason' in parsed && typeof parsed.reason === 'string'));
    }),
    { numRuns: 3000 },
  );
});
