import * as v from 'valibot';
import { ScopsError } from '../../event/index.ts';

const integer = (least: number, most = 2 ** 31 - 1) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const text = v.string();
const rule = { key: text, except: v.optional(text), type: text };
const ruleSchemas = {
  filter: v.strictObject({ ...rule, suffix: text }),
  string: v.strictObject({ ...rule, sample_weight: text, global_weight: text }),
  num: v.strictObject(rule),
  combination: v.strictObject({
    key_left: text,
    key_right: text,
    except_left: v.optional(text),
    except_right: v.optional(text),
    type: text,
  }),
};
const types = v.optional(v.record(text, v.objectWithRest({ method: text }, text)), {});
const rules = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(v.array(schema), []);

const converter = v.strictObject({
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
  hash_max_size: v.optional(integer(1, Number.MAX_SAFE_INTEGER)),
});

const workers = { threads: v.optional(v.number()), cache_size: v.optional(v.number()) };
const bits = v.strictObject({ hash_num: integer(1), ...workers });
const nearest = v.variant('method', [
  v.strictObject({ method: v.literal('euclid_lsh'), parameter: bits }),
  v.strictObject({ method: v.literal('lsh'), parameter: bits }),
  v.strictObject({ method: v.literal('minhash'), parameter: bits }),
]);

const unlearner = {
  unlearner: v.optional(v.picklist(['lru', 'random'])),
  unlearner_parameter: v.optional(
    v.strictObject({
      max_size: integer(1),
      sticky_pattern: v.optional(text),
      seed: v.optional(integer(0, 2 ** 32 - 1)),
    }),
  ),
};

const unlearns = v.object(unlearner);
type Unlearner = v.InferOutput<typeof unlearns>;

const neighbours = {
  nearest_neighbor_num: integer(2),
  reverse_nearest_neighbor_num: integer(2),
  ignore_kth_same_point: v.optional(v.boolean(), false),
  ...unlearner,
};
const lof = <Method extends string, Parameter extends v.GenericSchema>(method: Method, parameter: Parameter) =>
  v.strictObject({ ...neighbours, method: v.literal(method), parameter });

const parameter = {
  lof: v.variant('method', [
    lof('inverted_index', v.strictObject({})),
    lof('inverted_index_euclid', v.strictObject({ ignore_orthogonal: v.optional(v.boolean()) })),
    lof('lsh', bits),
    lof('minhash', bits),
    lof(
      'euclid_lsh',
      v.strictObject({
        hash_num: integer(1),
        table_num: integer(1),
        bin_width: v.pipe(v.number(), v.gtValue(0)),
        probe_num: integer(0),
        seed: integer(0),
        ...unlearner,
        retain_projection: v.optional(v.boolean()),
        ...workers,
      }),
    ),
    lof('nearest_neighbor_recommender', nearest),
  ]),
  light_lof: v.variant('method', [lof('euclid_lsh', bits), lof('lsh', bits), lof('minhash', bits)]),
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
 * or a missing one is ScopsError CONFIG_INVALID with the path of the key. `retain_projection`, which old versions had, does
 * nothing and is told to `warn`. http://jubat.us/en/api/api_anomaly.html
 */
export function readConfig(json: unknown, warn: (message: string) => void = () => undefined): JubatusConfig {
  const result = v.safeParse(server, json);
  if (!result.success) {
    const [issue] = result.issues;
    const path = issue.path?.map(({ key }) => String(key)).join('.') ?? '';
    refuse(path || '(whole)', reasonOf(issue));
  }
  const { parameter } = result.output;
  if (parameter.reverse_nearest_neighbor_num < parameter.nearest_neighbor_num) {
    refuse('parameter.reverse_nearest_neighbor_num', 'must not be less than nearest_neighbor_num.');
  }
  checkUnlearner('parameter', parameter);
  if ('unlearner' in parameter.parameter || 'unlearner_parameter' in parameter.parameter) {
    checkUnlearner('parameter.parameter', parameter.parameter);
  }
  if ('retain_projection' in parameter.parameter) {
    warn('Jubatus configuration: "retain_projection" was removed from Jubatus and changes nothing.');
  }
  return result.output;
}

function checkUnlearner(path: string, { unlearner: name, unlearner_parameter: settings }: Unlearner): void {
  if (name !== undefined && settings === undefined) refuse(`${path}.unlearner_parameter`, 'is missing.');
  if (name === undefined && settings !== undefined) refuse(`${path}.unlearner`, 'is missing.');
  const other = name === 'lru' ? 'seed' : 'sticky_pattern';
  if (settings?.[other] !== undefined) refuse(`${path}.unlearner_parameter.${other}`, `unknown key for "${name}".`);
}

function reasonOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === 'never') return 'unknown key (redundant_key).';
  if (issue.received === 'undefined') return 'is missing.';
  return `${issue.message}.`;
}
