import * as v from 'valibot';
import { ScopsError } from '../../event/index.ts';

const integer = (least: number, most = 2 ** 31 - 1) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const text = v.string();
/** As in Jubatus, null is as good as absent. */
const maybe = v.nullish;
const rule = { key: text, except: maybe(text), type: text };
const ruleSchemas = {
  filter: v.strictObject({ ...rule, suffix: text }),
  string: v.strictObject({ ...rule, sample_weight: text, global_weight: text }),
  num: v.strictObject(rule),
  combination: v.strictObject({
    key_left: text,
    key_right: text,
    except_left: maybe(text),
    except_right: maybe(text),
    type: text,
  }),
};
/** An array is an object to the schemas, and none to Jubatus. */
const plain = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(
    v.unknown(),
    v.check((value) => !Array.isArray(value), 'Invalid type: Expected Object but received Array'),
    schema,
  );
const types = maybe(plain(v.record(text, v.objectWithRest({ method: text }, text))), {});
const rules = <Schema extends v.GenericSchema>(schema: Schema) => maybe(v.array(schema), []);

const converter = plain(
  v.strictObject({
    string_filter_types: types,
    string_filter_rules: rules(ruleSchemas.filter),
    num_filter_types: types,
    num_filter_rules: rules(ruleSchemas.filter),
    string_types: types,
    string_rules: rules(ruleSchemas.string),
    num_types: types,
    num_rules: rules(ruleSchemas.num),
    binary_types: types,
    binary_rules: rules(ruleSchemas.num),
    combination_types: types,
    combination_rules: rules(ruleSchemas.combination),
    hash_max_size: maybe(integer(1, Number.MAX_SAFE_INTEGER)),
  }),
);

const anyInteger = v.pipe(v.number(), v.integer());
const workers = { threads: maybe(anyInteger), cache_size: maybe(integer(0)) };
const unlearner = { unlearner: maybe(text), unlearner_parameter: v.optional(v.unknown()) };
const [hash, hashing] = [{ hash_num: integer(1) }, { hash_num: integer(1), ...workers }];
const signature = {
  euclid_lsh: v.strictObject(hashing),
  lsh: v.strictObject(hashing),
  minhash: v.strictObject(hash),
};
const inside = { method: text, parameter: v.unknown(), ...unlearner };
const nearest = v.variant('method', [
  v.strictObject({ ...inside, method: v.literal('euclid_lsh'), parameter: signature.euclid_lsh }),
  v.strictObject({ ...inside, method: v.literal('lsh'), parameter: signature.lsh }),
  v.strictObject({ ...inside, method: v.literal('minhash'), parameter: signature.minhash }),
]);

const neighbours = {
  nearest_neighbor_num: integer(2),
  reverse_nearest_neighbor_num: integer(2),
  ignore_kth_same_point: maybe(v.boolean(), false),
  ...unlearner,
};
const lof = <Method extends string, Parameter extends v.GenericSchema>(method: Method, parameter: Parameter) =>
  v.strictObject({ ...neighbours, method: v.literal(method), parameter });

const parameter = {
  lof: v.variant('method', [
    lof('inverted_index', v.nullable(plain(v.strictObject(unlearner)))),
    lof(
      'inverted_index_euclid',
      v.nullable(plain(v.strictObject({ ignore_orthogonal: maybe(v.boolean()), ...unlearner }))),
    ),
    lof('lsh', v.strictObject({ ...hashing, ...unlearner })),
    lof('minhash', v.strictObject({ ...hash, ...unlearner })),
    lof(
      'euclid_lsh',
      v.strictObject({
        ...hashing,
        table_num: integer(1),
        bin_width: v.pipe(v.number(), v.gtValue(0)),
        probe_num: integer(0),
        seed: integer(0),
        retain_projection: v.optional(v.unknown()),
        ...unlearner,
      }),
    ),
    lof('nearest_neighbor_recommender', nearest),
  ]),
  light_lof: v.variant('method', [
    lof('euclid_lsh', signature.euclid_lsh),
    lof('lsh', signature.lsh),
    lof('minhash', signature.minhash),
  ]),
};

const server = v.variant('method', [
  v.strictObject({ method: v.literal('lof'), parameter: parameter.lof, converter }),
  v.strictObject({ method: v.literal('light_lof'), parameter: parameter.light_lof, converter }),
]);

/** A configuration of Jubatus' anomaly server, checked. */
export type JubatusConfig = v.InferOutput<typeof server>;
export type ConverterConfig = JubatusConfig['converter'];

/** Throw ScopsError CONFIG_INVALID about a key of a Jubatus configuration, named by its path. */
export function refuse(path: string, message: string): never {
  throw new ScopsError('CONFIG_INVALID', `Jubatus configuration, "${path}": ${message}`);
}

/**
 * A Jubatus anomaly configuration (`--configpath` of jubaanomaly 1.1.1) as parsed JSON. As strict as Jubatus: an unknown key
 * or a missing one is ScopsError CONFIG_INVALID with the path of the key. Stricter in this: light_lof with an unlearner has
 * its numbers checked too, and none may be beyond 32 bits. More lenient: `10.0` is as good as `10`, and `retain_projection`,
 * which old versions had, does nothing and is told to `warn`. http://jubat.us/en/api/api_anomaly.html
 */
export function readConfig(json: unknown, warn: (message: string) => void = () => undefined): JubatusConfig {
  const config = checked(server, json);
  const { parameter } = config;
  if (parameter.reverse_nearest_neighbor_num < parameter.nearest_neighbor_num) {
    refuse('parameter.reverse_nearest_neighbor_num', 'must not be less than nearest_neighbor_num.');
  }
  if (parameter.parameter !== null && 'retain_projection' in parameter.parameter) {
    warn('Jubatus configuration: "retain_projection" was removed from Jubatus and changes nothing.');
  }
  return config;
}

const unlearnerSettings = {
  lru: v.strictObject({ max_size: integer(1), sticky_pattern: maybe(text) }),
  random: v.strictObject({ max_size: integer(1), seed: maybe(integer(0, 2 ** 32 - 1)) }),
};

/** Where a part of a configuration can ask for an unlearner. */
export interface Unlearning {
  readonly unlearner?: string | null | undefined;
  readonly unlearner_parameter?: unknown;
}

/**
 * The unlearner that a part of a configuration asks for, the settings of the one that is not it being absent. As in Jubatus,
 * `unlearner_parameter` alone is not looked at, but where `isPaired` it is CONFIG_INVALID.
 */
export function readUnlearner(path: string, part: Unlearning | null, isPaired: boolean) {
  const { unlearner: name, unlearner_parameter: given } = part ?? {};
  if (name === undefined || name === null) {
    if (isPaired && given !== undefined && given !== null) refuse(`${path}.unlearner`, 'is missing.');
    return undefined;
  }
  if (given === undefined || given === null) refuse(`${path}.unlearner_parameter`, 'is missing.');
  const within = `${path}.unlearner_parameter`;
  if (name === 'lru') return { method: name, ...checked(unlearnerSettings.lru, given, within) } as const;
  if (name === 'random') return { method: name, ...checked(unlearnerSettings.random, given, within) } as const;
  return refuse(`${path}.unlearner`, `"${name}" is none of lru, random.`);
}

function checked<Schema extends v.GenericSchema>(schema: Schema, given: unknown, within = ''): v.InferOutput<Schema> {
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const keys = issue.path?.map(({ key }) => String(key)) ?? [];
  return refuse([within, ...keys].filter(Boolean).join('.') || '(whole)', reasonOf(issue));
}

function reasonOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === 'never') return 'unknown key (redundant_key).';
  if (issue.received === 'undefined') return 'is missing.';
  return `${issue.message}.`;
}
