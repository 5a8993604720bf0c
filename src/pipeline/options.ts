import { type GenericSchema, getDescription, safeParse } from 'valibot';
import { type ComponentKind, ScopsError } from '../event/index.ts';
import type { AnyComponent } from './registry.ts';
import { suggestion } from './suggestion.ts';

/** One declared option, for help, reference pages and command lines. */
export interface OptionRow {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly description: string;
}

interface SchemaShape {
  readonly type: string;
  readonly entries?: Record<string, SchemaShape>;
  readonly wrapped?: SchemaShape;
  readonly default?: unknown;
  readonly item?: SchemaShape;
  readonly options?: readonly (string | SchemaShape)[];
  readonly literal?: unknown;
}

const shape = (schema: unknown): SchemaShape => schema as SchemaShape;
const inner = (schema: SchemaShape): SchemaShape => (schema.wrapped ? inner(schema.wrapped) : schema);

function typeName(schema: SchemaShape): string {
  const base = inner(schema);
  if (base.type === 'array' && base.item) return `list of ${typeName(base.item)}`;
  if (base.type === 'picklist' && base.options) return base.options.map((option) => `'${option}'`).join(' | ');
  if (base.type === 'literal') return `'${base.literal}'`;
  if ((base.type === 'union' || base.type === 'variant') && base.options) {
    return base.options.map((option) => typeName(shape(option))).join(' | ');
  }
  return base.type === 'strict_object' ? 'object' : base.type;
}

function describe(schema: SchemaShape): string {
  const own = getDescription(schema as unknown as GenericSchema);
  return own ?? (schema.wrapped ? describe(schema.wrapped) : '');
}

/** The options a component declares, in their order. */
export function optionRows(component: { readonly options: GenericSchema }): OptionRow[] {
  return Object.entries(shape(component.options).entries ?? {}).map(([name, entry]) => ({
    name,
    type: typeName(entry),
    required: entry.wrapped === undefined,
    ...(entry.default === undefined
      ? {}
      : { default: typeof entry.default === 'function' ? entry.default() : entry.default }),
    description: describe(entry),
  }));
}

/** A command line's text as the type that the option declares; a list is split at commas. */
export function fromText(row: OptionRow, text: string): unknown {
  if (row.type.startsWith('list of ') || row.type.includes('| list of ')) return text.split(',').filter(Boolean);
  if (row.type === 'number') return text.trim() === '' ? text : Number(text);
  if (row.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** One problem of an options object, with the path of keys to where it is. */
export interface OptionIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Check an options object against a component. Gives the parsed options, or what is wrong and where. */
export function checkOptions(
  component: AnyComponent<ComponentKind>,
  input: unknown,
): { readonly options: unknown } | { readonly issues: readonly OptionIssue[] } {
  const what = `${component.kind} "${component.name}"`;
  const result = safeParse(component.options, input ?? {});
  if (result.success) return { options: result.output };
  const known = optionRows(component).map((row) => row.name);
  const issues = result.issues.map((issue): OptionIssue => {
    const path = (issue.path ?? []).map((item) => item.key as string | number);
    const name = String(path.at(-1) ?? '');
    if (issue.expected === 'never' || (issue.type === 'strict_object' && issue.received !== 'undefined')) {
      if (path.length > 0) {
        const near = path.length === 1 ? suggestion(name, known) : '';
        return { path, message: `Unknown option "${name}" for ${what}.${near}` };
      }
    }
    if (issue.received === 'undefined') return { path, message: `Option "${name}" of ${what} is missing.` };
    return { path, message: `Option "${path.join('.')}" of ${what}: ${issue.message}.` };
  });
  return { issues };
}

/** As checkOptions, but throws ScopsError CONFIG_INVALID with every problem on a line of its own. */
export function parseOptions(component: AnyComponent<ComponentKind>, input: unknown): unknown {
  const result = checkOptions(component, input);
  if ('options' in result) return result.options;
  throw new ScopsError('CONFIG_INVALID', result.issues.map((issue) => issue.message).join('\n'));
}
