import { type ComponentKind, ScopsError } from '../event/index.ts';
import { type AnyComponent, find } from './registry.ts';

/** A component with the options a user gave it, not yet checked. */
export interface Chosen<Kind extends ComponentKind = ComponentKind> {
  readonly component: AnyComponent<Kind>;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a user types for a component: `name` or `name:target`, such as `jsonl:findings.jsonl`. */
export async function chooseBySpec<Kind extends ComponentKind>(kind: Kind, spec: string): Promise<Chosen<Kind>> {
  const colon = spec.indexOf(':');
  const component = await find(kind, colon < 0 ? spec : spec.slice(0, colon));
  if (colon < 0) return { component, input: {} };
  if (!component.target) {
    throw new ScopsError('USAGE', `The ${kind} "${component.name}" takes nothing after the colon: "${spec}".`);
  }
  return { component, input: component.target(spec.slice(colon + 1)) };
}
