import type { Context, Enricher } from '../event/index.ts';
import { parseOptions } from '../pipeline/options.ts';
import { type Chosen, chooseBySpec } from '../pipeline/spec.ts';
import { visible } from '../text/escape.ts';
import type { Terminal } from './terminal.ts';

/** `--enrich` as fit, score and explain take it. */
export const enrichFlag = [
  '--enrich <spec>',
  'add facts to events, such as geo:GeoLite2-City.mmdb or known-networks:10.0.0.0/8; may be repeated, in order',
] as const;

/** What is asked for so often that it has a flag of its own. */
export const geoFlag = [
  '--geo <file>',
  'where addresses are: an .mmdb file (also .gz), a folder, or an npm package; several with commas between, or repeated',
] as const;
export const asnFlag = [
  '--asn <file>',
  'whose addresses they are: an .mmdb file or CSV of ranges (also .gz), a folder, or an npm package; several with commas between, or repeated',
] as const;

export const createEnrichers = (chosen: readonly Chosen<'enricher'>[], context: Context): Enricher[] =>
  chosen.map(({ component, input }) => component.create(parseOptions(component, input), context));

export const chooseEnrichers = (specs: readonly string[] = []): Promise<Chosen<'enricher'>[]> =>
  Promise.all(specs.map((spec) => chooseBySpec('enricher', spec)));

/** Let go of what enrichers hold, and say what they knew. */
export async function closeEnrichers(enrichers: readonly Enricher[], terminal: Terminal): Promise<void> {
  for (const enricher of enrichers) {
    const facts = Object.entries(enricher.info?.() ?? {}).map(([name, value]) => `${name} ${value}`);
    if (facts.length > 0) terminal.say(visible(`${enricher.name}: ${facts.join(', ')}.`));
    await enricher.close?.();
  }
}
