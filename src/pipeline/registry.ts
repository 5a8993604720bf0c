import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GenericSchema } from 'valibot';
import {
  type Component,
  type ComponentKind,
  type Detector,
  type Enricher,
  ScopsError,
  type Sink,
  type Source,
} from '../event/index.ts';
import { suggestion } from './suggestion.ts';

interface Made {
  readonly source: Source;
  readonly enricher: Enricher;
  readonly detector: Detector;
  readonly sink: Sink;
}

export type AnyComponent<Kind extends ComponentKind = ComponentKind> = Component<Kind, GenericSchema, Made[Kind]>;

export const componentKinds = ['source', 'enricher', 'detector', 'sink'] as const satisfies readonly ComponentKind[];

const extension = extname(import.meta.url);
const folder = (kind: ComponentKind): string => join(import.meta.dirname, '..', `${kind}s`);

/** The names of the components of one kind: the files in its folder. */
export function list(kind: ComponentKind): string[] {
  return readdirSync(folder(kind), { withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) === extension && !entry.name.endsWith('.d.ts'))
    .map((entry) => entry.name.slice(0, -extension.length))
    .sort();
}

/** The component of that name. Throws ScopsError COMPONENT_UNKNOWN, with the nearest name. */
export async function find<Kind extends ComponentKind>(kind: Kind, name: string): Promise<AnyComponent<Kind>> {
  const names = list(kind);
  if (!names.includes(name)) {
    throw new ScopsError(
      'COMPONENT_UNKNOWN',
      `Unknown ${kind} "${name}".${suggestion(name, names)} Known: ${names.join(', ')}.`,
    );
  }
  const module: Record<string, unknown> = await import(pathToFileURL(join(folder(kind), name + extension)).href);
  const component = Object.values(module).find(
    (value): value is AnyComponent<Kind> => typeof value === 'object' && value !== null && 'kind' in value,
  );
  if (component?.kind !== kind) throw new Error(`${kind}s/${name} does not export a ${kind}.`);
  return component;
}
