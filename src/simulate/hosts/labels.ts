import type { Label } from './render.ts';

/** Labels as CSV: `id,label,technique,activity,session`, where label is 1 for an attack. */
export function labelsCsv(labels: Iterable<Label>): string {
  const rows = ['id,label,technique,activity,session'];
  for (const { id, attack, technique = '', activity, session } of labels) {
    rows.push(`${id},${attack ? 1 : 0},${technique},${activity},${session}`);
  }
  return `${rows.join('\n')}\n`;
}
