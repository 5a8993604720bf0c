import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { articleConfig } from '../../src/detectors/jubatus-lof/article.ts';
import { readConfig } from '../../src/detectors/jubatus-lof/config.ts';
import { Setup } from '../../src/detectors/jubatus-lof/setup.ts';
import { ScopsError } from '../../src/event/index.ts';

type Json = Record<string, unknown>;
const root = join(import.meta.dirname, '../..');
const example = join(root, 'examples/logins/login_analyze.json');
const read = (path: string): Json => JSON.parse(readFileSync(path, 'utf8')) as Json;

/** The article's configuration with other values at paths such as `parameter.method`; undefined takes a key away. */
function changed(changes: Readonly<Record<string, unknown>>): Json {
  const config = read(example);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() as string;
    const inner = keys.reduce((json, key) => json[key] as Json, config);
    if (value === undefined) delete inner[last];
    else inner[last] = value;
  }
  return config;
}

const setup = (changes: Readonly<Record<string, unknown>>, warn: (message: string) => void = () => undefined): Setup =>
  new Setup(changed(changes), { compat: 'fixed', warn });

const refused = (changes: Readonly<Record<string, unknown>>, message: RegExp): void => {
  assert.throws(
    () => setup(changes),
    (error) => error instanceof ScopsError && error.code === 'CONFIG_INVALID' && message.test(error.message),
    JSON.stringify(changes),
  );
};

test("the article's configuration is read unchanged, and is the one where none is given", () => {
  assert.deepEqual(read(example), articleConfig);
  assert.deepEqual(setup({}).parameters, {
    method: 'lof',
    nearestNeighborNum: 10,
    reverseNearestNeighborNum: 30,
    ignoreKthSamePoint: true,
    engine: { method: 'euclid_lsh', hashNum: 8, tableNum: 16, binWidth: 10, probeNum: 64, seed: 1234 },
    compat: 'fixed',
  });
});

test('every configuration of the golden vectors is read', () => {
  for (const name of ['default_lsh', 'iie', 'light', 'seed', 'seed_noignore']) {
    const setup = new Setup(read(join(root, `test/golden/jubatus/config-${name}.json`)), { compat: '1.1.1' });
    assert.equal(setup.parameters.method, name === 'light' ? 'light_lof' : 'lof');
  }
});

test('an array is no object', () => {
  refused({ converter: [] }, /"converter": .*Array/);
  refused({ 'converter.string_types': [] }, /"converter\.string_types": .*Array/);
  const exact = { 'parameter.method': 'inverted_index_euclid' };
  refused({ ...exact, 'parameter.parameter': [] }, /"parameter\.parameter": .*Array/);
  assert.equal(setup({ ...exact, 'parameter.parameter': {} }).parameters.engine.method, 'inverted_index_euclid');
});

test('an unknown key is refused by its path, wherever it is', () => {
  refused({ threshold: 2 }, /"threshold": unknown key \(redundant_key\)/);
  refused({ 'parameter.threshold': 2 }, /"parameter\.threshold": unknown key/);
  refused({ 'parameter.parameter.table': 2 }, /"parameter\.parameter\.table": unknown key/);
  refused({ 'converter.num_filters': [] }, /"converter\.num_filters": unknown key/);
  refused({ 'converter.num_rules.0.suffix': 'x' }, /"converter\.num_rules\.0\.suffix": unknown key/);
});

test('a missing key is refused by its path, an optional one is not', () => {
  refused({ method: undefined }, /"method": is missing/);
  refused({ converter: undefined }, /"converter": is missing/);
  refused({ 'parameter.parameter': undefined }, /"parameter\.parameter": is missing/);
  refused({ 'parameter.nearest_neighbor_num': undefined }, /"parameter\.nearest_neighbor_num": is missing/);
  refused({ 'parameter.parameter.bin_width': undefined }, /"parameter\.parameter\.bin_width": is missing/);
  refused({ 'converter.string_rules.0.sample_weight': undefined }, /string_rules\.0\.sample_weight": is missing/);
  assert.equal(setup({ 'parameter.ignore_kth_same_point': undefined }).parameters.ignoreKthSamePoint, false);
  for (const key of Object.keys(articleConfig.converter)) setup({ [`converter.${key}`]: undefined });
});

test('values outside their range are refused', () => {
  refused({ 'parameter.nearest_neighbor_num': 1 }, /"parameter\.nearest_neighbor_num"/);
  refused({ 'parameter.nearest_neighbor_num': '10' }, /"parameter\.nearest_neighbor_num"/);
  refused({ 'parameter.reverse_nearest_neighbor_num': 9 }, /reverse_nearest_neighbor_num": must not be less/);
  refused({ 'parameter.parameter.hash_num': 0 }, /hash_num/);
  refused({ 'parameter.parameter.table_num': 0 }, /table_num/);
  refused({ 'parameter.parameter.bin_width': 0 }, /bin_width/);
  refused({ 'parameter.parameter.probe_num': -1 }, /probe_num/);
  refused({ 'parameter.parameter.seed': 0.5 }, /seed/);
  refused({ 'converter.hash_max_size': 0 }, /hash_max_size/);
  refused({ method: 'knn' }, /"method"/);
  refused({ 'parameter.method': 'kd_tree' }, /"parameter\.method"/);
  setup({ 'parameter.parameter.probe_num': 0, 'parameter.nearest_neighbor_num': 2 });
});

test('the other engines and both unlearners become parameters', () => {
  const engine = (changes: Json): unknown => setup(changes).parameters.engine;
  assert.deepEqual(engine({ 'parameter.method': 'inverted_index', 'parameter.parameter': {} }), {
    method: 'inverted_index',
  });
  assert.deepEqual(
    engine({ 'parameter.method': 'inverted_index_euclid', 'parameter.parameter': { ignore_orthogonal: true } }),
    { method: 'inverted_index_euclid', ignoreOrthogonal: true },
  );
  const bits = { hash_num: 32, threads: -1, cache_size: 10 };
  assert.deepEqual(engine({ 'parameter.method': 'lsh', 'parameter.parameter': bits }), { method: 'lsh', hashNum: 32 });
  assert.deepEqual(engine({ method: 'light_lof', 'parameter.parameter': bits }), { method: 'euclid_lsh', hashNum: 32 });
  const recommender = { method: 'euclid_lsh', parameter: bits };
  assert.deepEqual(engine({ 'parameter.method': 'nearest_neighbor_recommender', 'parameter.parameter': recommender }), {
    method: 'nearest_neighbor_recommender',
    engine: { method: 'euclid_lsh', hashNum: 32 },
  });
  const lru = { unlearner: 'lru', unlearner_parameter: { max_size: 100, sticky_pattern: 'keep*' } };
  const parsed = setup({ 'parameter.unlearner': 'lru', 'parameter.unlearner_parameter': lru.unlearner_parameter });
  const unlearner = parsed.parameters.unlearner as { isSticky: (id: string) => boolean };
  const { isSticky } = unlearner;
  assert.deepEqual([isSticky('keep-1'), isSticky('1')], [true, false]);
  assert.deepEqual(unlearner, {
    method: 'lru',
    maxSize: 100,
    isLate: true,
    stickyPattern: 'keep*',
    isSticky,
  });
  const random = { 'parameter.unlearner': 'random', 'parameter.unlearner_parameter': { max_size: 100, seed: 7 } };
  assert.deepEqual(setup(random).parameters.unlearner, { method: 'random', maxSize: 100, isLate: true, seed: 7 });
  const warned: string[] = [];
  const inner = { ...articleConfig.parameter.parameter, ...lru };
  assert.equal(setup({ 'parameter.parameter': inner }, (text) => warned.push(text)).parameters.unlearner?.maxSize, 100);
  assert.match(warned.join(), /forgets whole rows/);
});

test('half an unlearner is refused, and the parameter of the other one', () => {
  refused({ 'parameter.unlearner': 'lru' }, /"parameter\.unlearner_parameter": is missing/);
  refused({ 'parameter.parameter.unlearner': 'lru' }, /"parameter\.parameter\.unlearner_parameter": is missing/);
  refused(
    { 'parameter.parameter.unlearner_parameter': { max_size: 5 } },
    /"parameter\.parameter\.unlearner": is missing/,
  );
  const sticky = { max_size: 5, sticky_pattern: 'a' };
  refused({ 'parameter.unlearner': 'random', 'parameter.unlearner_parameter': sticky }, /sticky_pattern": unknown key/);
});

test('rows are bounded where asked for, and what unlearns earlier stays', () => {
  const bounded = (changes: Json): unknown =>
    new Setup(changed(changes), { compat: 'fixed', mostRows: 500 }).parameters.unlearner;
  assert.deepEqual(bounded({}), { method: 'lru', maxSize: 500 });
  const own = (size: number): Json => ({
    'parameter.unlearner': 'random',
    'parameter.unlearner_parameter': { max_size: size },
  });
  assert.deepEqual(bounded(own(100)), { method: 'random', maxSize: 100, isLate: true });
  assert.deepEqual(bounded(own(1000)), { method: 'random', maxSize: 500, isLate: true });
});

test('what old versions had is accepted with a warning', () => {
  const warned: string[] = [];
  setup({ 'parameter.parameter.retain_projection': true }, (message) => warned.push(message));
  assert.equal(warned.length, 1);
  assert.match(warned[0] as string, /retain_projection/);
});

test('plugins and what is not offered are refused by name', () => {
  const dynamic = { method: 'dynamic', path: 'libmecab_splitter.so', function: 'create' };
  refused(
    { 'converter.string_types': { mecab: dynamic }, 'converter.string_rules.0.type': 'mecab' },
    /string_types\.mecab.*shared libraries/,
  );
  refused({ 'converter.binary_rules': [{ key: '*', type: 'image' }] }, /binary_rules": .*plugins/);
  refused({ 'converter.num_rules.0.type': 'square' }, /num_rules\.0\.type": there is no type "square"/);
  refused({ 'converter.string_rules.0.global_weight': 'tfidf' }, /global_weight": "tfidf" is none of/);
  refused({ 'parameter.method': 'minhash', 'parameter.parameter': { hash_num: 8 } }, /minhash/);
  refused({ 'converter.num_rules.0.key': '/(/' }, /num_rules\.0\.key": no regular expression/);
});

test('whatever the JSON, it is read or refused with its path', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...paths(articleConfig)), (value, path) => {
      try {
        new Setup(changed({ [path]: value }), { compat: 'fixed' });
      } catch (error) {
        assert.ok(error instanceof ScopsError && error.code === 'CONFIG_INVALID', String(error));
        assert.match(error.message, /^Jubatus configuration, "/);
      }
      try {
        readConfig(value);
      } catch (error) {
        assert.ok(error instanceof ScopsError && error.code === 'CONFIG_INVALID', String(error));
      }
    }),
    { numRuns: 300 },
  );
});

function paths(json: object, prefix = ''): string[] {
  return Object.entries(json).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return typeof value === 'object' && value !== null ? [path, ...paths(value, path)] : [path];
  });
}
