import type { GenericSchema, InferOutput } from 'valibot';
import type { Context } from './context.ts';
import type { Detector, Enricher, Sink, Source } from './contracts.ts';

export type ComponentKind = 'source' | 'enricher' | 'detector' | 'sink';

/** An npm package that a component imports on first use. */
export interface Dependency {
  readonly package: string;
  readonly version: string;
}

/**
 * A component as its file declares it: `name` is the file's name and the name in a configuration. `options` is a
 * `v.strictObject` whose entries carry `v.description` and defaults; help, reference pages and checks come from it.
 */
export interface Component<Kind extends ComponentKind, Schema extends GenericSchema, Made> {
  readonly kind: Kind;
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly options: Schema;
  /** What a user types, one line each, such as `scops score --source kafka:localhost:9092/wazuh`. */
  readonly examples?: readonly string[];
  readonly needs?: Dependency;
  /** How the part after the colon in `name:target` becomes options, such as a path or an address. */
  target?(target: string): Readonly<Record<string, unknown>>;
  create(options: InferOutput<Schema>, context: Context): Made;
}

type Define<Kind extends ComponentKind, Made> = <Schema extends GenericSchema>(
  component: Omit<Component<Kind, Schema, Made>, 'kind'>,
) => Component<Kind, Schema, Made>;

const define =
  <Kind extends ComponentKind, Made>(kind: Kind): Define<Kind, Made> =>
  (component) => ({ ...component, kind });

export const defineSource: Define<'source', Source> = define('source');
export const defineEnricher: Define<'enricher', Enricher> = define('enricher');
export const defineDetector: Define<'detector', Detector> = define('detector');
export const defineSink: Define<'sink', Sink> = define('sink');
