import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AddressRanges } from '../../../src/simulate/ip-insights.ts';

/**
 * All of IPv4 cut where a network or a country begins or ends, gaps included; neighbours of the same network and country
 * stay together. From CSV `start,end,label` with addresses as numbers.
 */
export function readRanges(folder: string): AddressRanges {
  const tables = ['asn', 'country'].map((name) => readTable(join(folder, `${name}-ipv4_ranges.csv.gz`)));
  const cuts = new Set<number>([0]);
  for (const { starts, ends } of tables) {
    for (const start of starts) cuts.add(start);
    for (const last of ends) if (last < 2 ** 32 - 1) cuts.add(last + 1);
  }
  const first = Float64Array.from(cuts).sort();
  const kept: number[] = [];
  let before = '';
  const places = tables.map(() => 0);
  for (const start of first) {
    const labels = tables.map(({ starts, ends, labels: of }, index) => {
      while (places[index]! < starts.length && ends[places[index]!]! < start) places[index]!++;
      const at = places[index]!;
      return at < starts.length && starts[at]! <= start ? of[at] : '';
    });
    const key = labels.join();
    if (key === before && kept.length > 0) continue;
    before = key;
    kept.push(start);
  }
  const starts = Uint32Array.from(kept);
  return { first: starts, last: Uint32Array.from(kept, (_, i) => (kept[i + 1] ?? 2 ** 32) - 1) };
}

function readTable(path: string): { starts: Float64Array; ends: Float64Array; labels: string[] } {
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n').slice(1);
  const rows = lines.map((line) => line.split(','));
  return {
    starts: Float64Array.from(rows, ([start]) => Number(start)),
    ends: Float64Array.from(rows, ([, end]) => Number(end)),
    labels: rows.map(([, , label = '']) => label),
  };
}
