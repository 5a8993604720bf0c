import { readFile } from 'node:fs/promises';
import {
  array,
  boolean,
  type GenericSchema,
  minValue,
  number,
  optional,
  pipe,
  record,
  safeParse,
  strictObject,
  string,
  union,
  unknown,
} from 'valibot';
import { type Document, isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { type ComponentKind, ScopsError } from '../event/index.ts';
import { type Limit, parseBudget, parseContamination } from '../triage/limit.ts';
import { checkOptions } from './options.ts';
import { find } from './registry.ts';
import type { Chosen } from './spec.ts';
import { suggestion } from './suggestion.ts';

/** A pipeline file: what `scops score --config` runs. */
export interface PipelineConfig {
  readonly source: Chosen<'source'>;
  /** Add facts to events, in this order. */
  readonly enrichers: readonly Chosen<'enricher'>[];
  readonly model: string;
  readonly sinks: readonly Chosen<'sink'>[];
  readonly limit?: Limit;
  /** Minutes. */
  readonly fold?: number;
  /** Minutes in which alike findings of a live source are told once. */
  readonly repeat?: number;
  /** The model goes on learning, and its file keeps the place too. */
  readonly learn?: boolean;
  readonly checkpoint?: string;
  readonly rejects?: string;
}

const one = record(string(), unknown());
const entries = {
  source: one,
  enrichers: optional(array(union([string(), one])), []),
  model: string(),
  sinks: array(union([string(), one])),
  budget: optional(string()),
  contamination: optional(number()),
  fold: optional(pipe(number(), minValue(0))),
  repeat: optional(pipe(number(), minValue(0))),
  learn: optional(boolean()),
  checkpoint: optional(string()),
  rejects: optional(string()),
} satisfies Record<string, GenericSchema>;
const schema = strictObject(entries);

const samples: Readonly<Record<ComponentKind, string>> = {
  source: 'wazuh: { paths: alerts.json }',
  enricher: 'geo: { database: city.mmdb }',
  detector: 'lof: {}',
  sink: 'slack: {}',
};

type Path = readonly (string | number)[];

/**
 * Read and check a pipeline file. Throws ScopsError SOURCE_UNREADABLE, or CONFIG_INVALID with a line
 * `file:line:column  what is wrong` for every problem.
 */
export async function readConfig(path: string): Promise<PipelineConfig> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new ScopsError('SOURCE_UNREADABLE', `Cannot read the pipeline file "${path}".`, { cause });
  });
  return parseConfig(text, path);
}

/** As readConfig, from text; `path` is for the messages. */
export async function parseConfig(text: string, path: string): Promise<PipelineConfig> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', maxAliasCount: 0 } as never);
  const problems: string[] = [];
  const report = (at: number, message: string): void => {
    const { line, col } = lines.linePos(at);
    problems.push(`${path}:${line}:${col}  ${message}`);
  };
  for (const error of document.errors) report(error.pos[0], error.message.split('\n')[0] ?? error.message);
  if (problems.length > 0) throw new ScopsError('CONFIG_INVALID', problems.join('\n'));

  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new ScopsError('CONFIG_INVALID', `${path}:1:1  Anchors and aliases are not read here.`, { cause });
  }
  const result = safeParse(schema, plain);
  if (!result.success) {
    for (const issue of result.issues) {
      const where = (issue.path ?? []).map((item) => item.key as string | number);
      const key = String(where.at(-1) ?? '');
      const unknownKey = issue.expected === 'never';
      const message = unknownKey
        ? `Unknown key "${key}".${suggestion(key, Object.keys(entries))}`
        : issue.received === 'undefined'
          ? `Key "${where.join('.')}" is missing.`
          : `"${where.join('.')}": ${issue.message}.`;
      report(offsetOf(document, where, unknownKey), message);
    }
    throw new ScopsError('CONFIG_INVALID', problems.join('\n'));
  }
  const { output } = result;

  const choose = async <Kind extends ComponentKind>(
    kind: Kind,
    value: unknown,
    at: Path,
  ): Promise<Chosen<Kind> | undefined> => {
    const pairs: [string, unknown][] = typeof value === 'string' ? [[value, {}]] : Object.entries(value as object);
    const [name, input] = pairs[0] ?? [];
    if (name === undefined || pairs.length !== 1) {
      report(offsetOf(document, at, false), `Name one ${kind} here, such as: ${samples[kind]}`);
      return undefined;
    }
    try {
      const component = await find(kind, name);
      const checked = checkOptions(component, input ?? {});
      if ('issues' in checked) {
        for (const issue of checked.issues) {
          report(offsetOf(document, [...at, name, ...issue.path], issue.message.startsWith('Unknown')), issue.message);
        }
      }
      return { component, input: (input ?? {}) as Record<string, unknown> };
    } catch (error) {
      if (!(error instanceof ScopsError)) throw error;
      report(offsetOf(document, [...at, name], true), error.message);
      return undefined;
    }
  };

  const source = await choose('source', output.source, ['source']);
  const enrichers: Chosen<'enricher'>[] = [];
  for (const [index, value] of output.enrichers.entries()) {
    const enricher = await choose('enricher', value, ['enrichers', index]);
    if (enricher) enrichers.push(enricher);
  }
  const sinks: Chosen<'sink'>[] = [];
  for (const [index, value] of output.sinks.entries()) {
    const sink = await choose('sink', value, ['sinks', index]);
    if (sink) sinks.push(sink);
  }
  let limit: Limit | undefined;
  try {
    if (output.contamination !== undefined) limit = parseContamination(output.contamination);
    if (output.budget !== undefined) limit = parseBudget(output.budget);
  } catch (error) {
    if (!(error instanceof ScopsError)) throw error;
    report(offsetOf(document, [output.budget === undefined ? 'contamination' : 'budget'], false), error.message);
  }
  if (problems.length > 0 || source === undefined) throw new ScopsError('CONFIG_INVALID', problems.join('\n'));
  const { model, fold, repeat, learn, checkpoint, rejects } = output;
  return {
    source,
    enrichers,
    model,
    sinks,
    ...(limit ? { limit } : {}),
    ...(fold === undefined ? {} : { fold }),
    ...(repeat === undefined ? {} : { repeat }),
    ...(learn === undefined ? {} : { learn }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(rejects === undefined ? {} : { rejects }),
  };
}

/** Where in the text a path of keys stands: its value, its key, or the nearest parent that exists. */
function offsetOf(document: Document, path: Path, wantKey: boolean): number {
  for (let length = path.length; length >= 0; length--) {
    const parent = length > 0 ? document.getIn(path.slice(0, length - 1), true) : undefined;
    if (wantKey && length === path.length && isMap(parent)) {
      const pair = parent.items.find(({ key }) => String((key as Node | null) ?? '') === String(path[length - 1]));
      const range = (pair?.key as Node | undefined)?.range;
      if (range) return range[0];
    }
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}
