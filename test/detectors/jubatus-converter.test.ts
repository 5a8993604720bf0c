import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { articleConfig } from '../../src/detectors/jubatus-lof/article.ts';
import { readConfig } from '../../src/detectors/jubatus-lof/config.ts';
import { Converter, type Datum } from '../../src/detectors/jubatus-lof/converter/converter.ts';
import { type Compat, sixDigits } from '../../src/detectors/jubatus-lof/converter/number.ts';
import { Weights } from '../../src/detectors/jubatus-lof/converter/weights.ts';
import { ScopsError } from '../../src/event/index.ts';

type Features = Record<string, number>;

function converter(rules: Readonly<Record<string, unknown>>, compat: Compat = '1.1.1'): Converter {
  return new Converter(readConfig({ ...articleConfig, converter: rules }).converter, compat);
}

const features = (rules: Readonly<Record<string, unknown>>, datum: Datum, compat: Compat = '1.1.1'): Features =>
  Object.fromEntries(converter(rules, compat).convert(datum, new Weights()));

const words = (type: string, sample = 'bin', global = 'bin') => ({
  string_rules: [{ key: '*', type, sample_weight: sample, global_weight: global }],
});
const title = (text: string): Datum => ({ strings: [['title', text]] });

test('the vectors of the real library, to the last character', () => {
  const text = readFileSync(join(import.meta.dirname, '../golden/jubatus/rng-lsh-fv-vectors.txt'), 'utf8');
  const lines = text.slice(text.indexOf('# fv_converter output')).trim().split('\n').slice(1);
  assert.equal(lines.length, 7);
  const article = converter(articleConfig.converter);
  for (const line of lines) {
    const [given = '', wanted] = line.split(' -> ');
    const [ip, geoid, lists, first, logins, places] = given.split(' ').map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const datum: Datum = {
      strings: [['user', 'alice']],
      nums: [
        ['ip_int', ip],
        ['geoid', geoid],
        ['dns_info', lists],
        ['first', first],
        ['num_of_login_in_near_time', logins],
        ['num_of_location_in_near_time', places],
      ],
    };
    const found = article.convert(datum, new Weights()).map(([key, value]) => `${key}=${value}`);
    assert.equal(found.join(' '), wanted);
  }
});

test('two addresses that 1.1.1 takes for one are two when fixed, of 32 bits and of 128', () => {
  const rules = { num_rules: [{ key: 'ip', type: 'str' }] };
  const ip = (address: number | bigint): Datum => ({ nums: [['ip', address]] });
  assert.deepEqual(features(rules, ip(3232235777)), features(rules, ip(3232236777)));
  assert.deepEqual(features(rules, ip(3232235777), 'fixed'), { 'ip@str$3232235777': 1 });
  const long = 0x20010db8000000000000000000000001n;
  assert.deepEqual(features(rules, ip(long), 'fixed'), { 'ip@str$42540766411282592856903984951653826561': 1 });
  assert.notDeepEqual(features(rules, ip(long), 'fixed'), features(rules, ip(long + 1n), 'fixed'));
});

test('zeros vanish in 1.1.1 and stay when fixed', () => {
  const rules = { num_rules: [{ key: '*', type: 'num' }] };
  const datum: Datum = { nums: [['a', 0], ['b', 2]] }; // biome-ignore format: a table
  assert.deepEqual(features(rules, datum), { 'b@num': 2 });
  assert.deepEqual(features(rules, datum, 'fixed'), { 'a@num': 0, 'b@num': 2 });
});

test('six digits, as C prints them', () => {
  const cases: readonly [number, string][] = [
    [0, '0'],
    [-0, '-0'],
    [20, '20'],
    [999999, '999999'],
    [1e6, '1e+06'],
    [1234565, '1.23456e+06'],
    [1234575, '1.23458e+06'],
    [9999995, '1e+07'],
    [999999.5, '1e+06'],
    [3232245000, '3.23224e+09'],
    [0.5, '0.5'],
    [0.0001, '0.0001'],
    [0.00012345678, '0.000123457'],
    [0.00001, '1e-05'],
    [-1234567, '-1.23457e+06'],
    [1.5e300, '1.5e+300'],
    [5e-324, '4.94066e-324'],
    [123.456789, '123.457'],
    [100000.5, '100000'],
    [100001.5, '100002'],
  ];
  for (const [value, wanted] of cases) assert.equal(sixDigits(value), wanted);
});

test('six digits are never further than half of the sixth', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = sixDigits(value);
      assert.match(text, /^-?\d(?:\d*\.?\d*)(?:e[+-]\d\d\d?)?$/);
      if (Math.abs(value) < 1e-300) return;
      assert.ok(Math.abs(Number(text) - value) <= 5.0001e-6 * Math.abs(value), text);
      assert.ok(text.replace(/e.*|^-|\./g, '').replace(/^0+/, '').length <= 6, text);
    }),
  );
});

test('matchers: all, suffix, prefix, expression, exact, and what is excepted', () => {
  const matched = (key: string, except?: string): string[] => {
    const rule = { key, type: 'num', ...(except === undefined ? {} : { except }) };
    const nums = ['age', 'page', 'agenda', 'x'].map((name): [string, number] => [name, 1]);
    return Object.keys(features({ num_rules: [rule] }, { nums })).map((name) => name.replace('@num', ''));
  };
  assert.deepEqual(matched('*'), ['age', 'page', 'agenda', 'x']);
  assert.deepEqual(matched(''), ['age', 'page', 'agenda', 'x']);
  assert.deepEqual(matched('*age'), ['age', 'page']);
  assert.deepEqual(matched('age*'), ['age', 'agenda']);
  assert.deepEqual(matched('/^.?age$/'), ['age', 'page']);
  assert.deepEqual(matched('/a/'), ['age', 'agenda'], 'as Oniguruma is asked: from the beginning');
  assert.deepEqual(matched('age'), ['age']);
  assert.deepEqual(matched('*', 'age'), ['page', 'agenda', 'x']);
  assert.deepEqual(matched('*', '/.?a/'), ['x']);
});

test('numbers as they are, as logarithms, as categories', () => {
  const rules = {
    num_rules: ['num', 'log', 'str'].map((type) => ({ key: '*', type })),
  };
  assert.deepEqual(features(rules, { nums: [['age', 20]] }), {
    'age@num': 20,
    'age@log': Math.log(20),
    'age@str$20': 1,
  });
  assert.deepEqual(features({ num_rules: [{ key: '*', type: 'log' }] }, { nums: [['age', 0.5]] }, 'fixed'), {
    'age@log': 0,
  });
});

test('splitters, with terms counted by each sample weight', () => {
  assert.deepEqual(features(words('str'), title('This is it')), { 'title$This is it@str#bin/bin': 1 });
  assert.deepEqual(features(words('space', 'tf'), title('it is  it')), {
    'title$it@space#tf/bin': 2,
    'title$is@space#tf/bin': 1,
  });
  assert.deepEqual(features(words('space', 'log_tf'), title('it it')), { 'title$it@space#log_tf/bin': Math.log(3) });
  const types = {
    bigram: { method: 'ngram', char_num: '2' },
    digits: { method: 'regexp', pattern: '([a-z])=(\\d+)', group: '2' },
    comma: { method: 'split', separators: ',;' },
  };
  const named = (type: string, text: string): string[] =>
    Object.keys(features({ string_types: types, ...words(type) }, title(text))).map((key) =>
      key.slice(6, key.indexOf('@')),
    );
  assert.deepEqual(named('bigram', '日本語x'), ['日本', '本語', '語x']);
  assert.deepEqual(named('bigram', 'a'), []);
  assert.deepEqual(named('digits', 'a=1 b=22 c=x'), ['1', '22']);
  assert.deepEqual(named('comma', 'a,,b;c'), ['a', 'b', 'c']);
});

test('text filters see what came in and what those before made, under the key with their suffix', () => {
  const rules = {
    string_filter_types: {
      detag: { method: 'regexp', pattern: '<[^>]*>', replace: '' },
      swap: { method: 'regexp', pattern: '(\\w+) (\\w+)', replace: '\\2 \\1' },
    },
    string_filter_rules: [
      { key: 'title', type: 'detag', suffix: '-plain' },
      { key: '*-plain', type: 'swap', suffix: '-swapped' },
    ],
    ...words('str'),
  };
  assert.deepEqual(Object.keys(features(rules, title('<b>a b</b>'))), [
    'title$<b>a b</b>@str#bin/bin',
    'title-plain$a b@str#bin/bin',
    'title-plain-swapped$b a@str#bin/bin',
  ]);
});

test('number filters', () => {
  const filtered = (type: Readonly<Record<string, string>>, value: number): number | undefined => {
    const rules = {
      num_filter_types: { f: type },
      num_filter_rules: [{ key: 'n', type: 'f', suffix: '+' }],
      num_rules: [{ key: 'n+', type: 'num' }],
    };
    return features(rules, { nums: [['n', value]] }, 'fixed')['n+@num'];
  };
  assert.equal(filtered({ method: 'add', value: '3' }, 4), 7);
  const linear = { method: 'linear_normalization', min: '-10', max: '10' };
  assert.equal(filtered(linear, 5), 0.75);
  assert.equal(filtered(linear, 50), 1);
  assert.equal(filtered({ ...linear, truncate: 'False' }, 50), 3);
  assert.equal(filtered({ method: 'gaussian_normalization', average: '80', standard_deviation: '5' }, 90), 2);
  assert.equal(filtered({ method: 'sigmoid_normalization' }, 0), 0.5);
  assert.equal(filtered({ method: 'sigmoid_normalization', gain: '2', bias: '1' }, 2), 1 / (1 + Math.exp(-2)));
  for (const wrong of [
    { method: 'add' },
    { method: 'add', value: 'x' },
    { method: 'linear_normalization', min: '1', max: '1' },
    { method: 'gaussian_normalization', average: '0', standard_deviation: '-1' },
    { method: 'sigmoid_normalization', gain: '0' },
    { method: 'add', value: '1e400' },
  ]) {
    assert.throws(() => filtered(wrong as never, 1), /Jubatus configuration, "converter\.num_filter_types\.f/);
  }
});

test('idf: the first document weighs nothing, then what is rare weighs more', () => {
  const rules = converter(words('space', 'tf', 'idf'));
  const weights = new Weights();
  assert.deepEqual(rules.learn(title('This is it'), weights), []);
  rules.learn(title('that is nice'), weights);
  const found = Object.fromEntries(rules.convert(title('it it it is'), weights));
  assert.equal(found['title$it@space#tf/idf'], 3 * Math.log(3 / 2));
  assert.equal(found['title$is@space#tf/idf'], undefined);
  const unknown = Object.fromEntries(rules.convert(title('new'), weights));
  assert.equal(unknown['title$new@space#tf/idf'], Math.log(3));
});

test('idf1, bm25 and given weights', () => {
  const weights = new Weights();
  const idf1 = converter(words('space', 'bin', 'idf1'));
  idf1.learn(title('a b'), weights);
  assert.deepEqual(idf1.convert(title('a'), weights), [['title$a@space#bin/idf1', 1]]);

  const bm25 = converter(words('space', 'tf', 'bm25'));
  const counted = new Weights();
  for (const text of ['a b c', 'd', 'e f']) bm25.learn(title(text), counted);
  const [[key, value] = ['', 0]] = bm25.convert(title('a a'), counted);
  assert.equal(key, 'title$a@space#tf/bm25');
  const wanted = (Math.log(2.5 / 1.5) * 2 * 2.2) / (2 + 1.2 * (0.25 + 0.75 * (2 / 2)));
  assert.ok(Math.abs(value - wanted) < 1e-12, `${value} is not ${wanted}`);

  const given = converter(words('space', 'tf', 'weight'));
  const table = new Weights();
  table.give('title$a@space', 0.5);
  assert.deepEqual(given.convert(title('a a b'), table), [['title$a@space#tf/weight', 1]]);
});

test('weights are counted on learning only, and survive as plain data', () => {
  const rules = converter(words('space', 'tf', 'idf'));
  const weights = new Weights();
  for (const text of ['a b', 'a c']) rules.learn(title(text), weights);
  const before = JSON.stringify(weights.save());
  const found = rules.convert(title('a b c d'), weights);
  assert.equal(JSON.stringify(weights.save()), before);
  assert.deepEqual(rules.convert(title('a b c d'), Weights.load(JSON.parse(before))), found);
  weights.clear();
  assert.deepEqual(rules.convert(title('a'), weights), []);
});

test('combinations of two features, each pair once', () => {
  const rules = {
    num_rules: [{ key: '*', type: 'num' }],
    combination_rules: [
      { key_left: '*', key_right: '*', type: 'add' },
      { key_left: 'b*', key_right: 'a*', type: 'mul' },
    ],
  };
  assert.deepEqual(
    features(rules, {
      nums: [
        ['a', 2],
        ['b', 3],
        ['c', 5],
      ],
    }),
    {
      // biome-ignore format: a table
      'a@num': 2,
      'b@num': 3,
      'c@num': 5,
      'a@num&b@num/add': 5,
      'a@num&c@num/add': 7,
      'b@num&c@num/add': 8,
      'a@num&b@num/mul': 6,
    },
  );
});

test('hash_max_size replaces names by numbers below it', () => {
  const rules = { num_rules: [{ key: '*', type: 'num' }], hash_max_size: 5 };
  const nums = Array.from({ length: 20 }, (_, index): [string, number] => [`n${index}`, index + 1]);
  for (const key of Object.keys(features(rules, { nums }))) assert.match(key, /^[0-4]$/);
  const sum = Object.values(features(rules, { nums }, 'fixed')).reduce((total, value) => total + value, 0);
  assert.equal(sum, 210);
  // The vectors of the real library have 12636872015947395445 as the hash of dns_info@num.
  assert.deepEqual(features({ ...rules, hash_max_size: 1000 }, { nums: [['dns_info', 3]] }), { '445': 3 });
});

test('a key with $ and a number that is none are refused', () => {
  const refused = (datum: Datum): void =>
    assert.throws(
      () => features({ ...words('str'), num_rules: [{ key: '*', type: 'num' }] }, datum),
      (error) => error instanceof ScopsError && error.code === 'INPUT_INVALID',
    );
  refused({ strings: [['a$b', 'x']] });
  refused({ nums: [['a$b', 1]] });
  refused({ nums: [['a', Number.NaN]] });
  refused({ nums: [['a', Number.POSITIVE_INFINITY]] });
});

test('texts of an attacker cost little: long ones, many terms, many combinations', () => {
  const rules = converter({
    string_types: { pairs: { method: 'regexp', pattern: '(\\w+)=(\\w+)' } },
    string_filter_types: { cut: { method: 'regexp', pattern: 'a+b', replace: '' } },
    string_filter_rules: [{ key: '*', type: 'cut', suffix: '!' }],
    string_rules: ['space', 'pairs'].map((type) => ({ key: '*', type, sample_weight: 'tf', global_weight: 'idf' })),
    combination_rules: [{ key_left: '*', key_right: '*', type: 'mul' }],
  });
  const began = performance.now();
  for (const text of ['a'.repeat(1e6), 'a b c d '.repeat(1e5), Array.from({ length: 1e5 }, (_, i) => i).join(' ')]) {
    const weights = new Weights();
    rules.learn(title('x'), weights);
    assert.ok(rules.learn(title(text), weights).length <= 70_000);
  }
  assert.ok(performance.now() - began < 5000);
});

test('whatever the datum, a vector is finite and its keys are unique', () => {
  const rules = {
    ...words('space', 'log_tf', 'bm25'),
    num_rules: ['num', 'log', 'str'].map((type) => ({ key: '*', type })),
    combination_rules: [{ key_left: '*', key_right: '*', type: 'add' }],
  };
  const [plain, fixed] = [converter(rules), converter(rules, 'fixed')];
  const key = fc.string().filter((text) => !text.includes('$'));
  const datum = fc.record({
    strings: fc.array(fc.tuple(key, fc.string()), { maxLength: 5 }),
    nums: fc.array(fc.tuple(key, fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 5 }),
  });
  const pairs = v.array(v.tuple([v.string(), v.number()]));
  fc.assert(
    fc.property(fc.array(datum, { maxLength: 5 }), (data) => {
      for (const each of [plain, fixed]) {
        const weights = new Weights();
        for (const one of data) {
          const vector = v.parse(pairs, each.learn(one, weights));
          if (each !== fixed) continue;
          assert.equal(new Set(vector.map(([name]) => name)).size, vector.length);
          for (const [, value] of vector) assert.ok(Math.abs(value) <= 2e100);
        }
      }
    }),
  );
});
