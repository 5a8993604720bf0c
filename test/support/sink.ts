import type { Context, Sink } from '../../src/event/index.ts';
import { parseOptions } from '../../src/pipeline/options.ts';
import { type AnyComponent, find } from '../../src/pipeline/registry.ts';

/** A sink as the pipeline makes it: by name, its options checked. */
export async function makeSink(name: string, input: unknown, context: Context): Promise<Sink> {
  const component: AnyComponent<'sink'> = await find('sink', name);
  return component.create(parseOptions(component, input), context);
}

/** The options that `name:target` stands for. */
export async function targetOf(name: string, target: string): Promise<unknown> {
  return (await find('sink', name)).target?.(target);
}
