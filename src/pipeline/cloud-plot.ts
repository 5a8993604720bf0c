import writeFileAtomic from 'write-file-atomic';
import { ScopsError } from '../event/index.ts';
import { histogramHtml } from '../report/histogram-html.ts';
import { histogramSvg } from '../report/histogram-svg.ts';
import type { Ranking } from '../triage/cloud/rank.ts';

/** The picture of a ranking: what ordinary calls scored against what is behind findings. */
export interface Histogram {
  /** Throws ScopsError OUTPUT_UNWRITABLE. */
  write(ranking: Ranking, made: Date): Promise<void>;
}

/** `.svg` is the picture alone, `.html` a page. Throws ScopsError USAGE for other names. */
export function createHistogram(path: string): Histogram {
  const render = path.endsWith('.svg') ? histogramSvg : /\.html?$/.test(path) ? histogramHtml : undefined;
  if (render === undefined) throw new ScopsError('USAGE', `--plot writes .svg or .html, not "${path}".`);
  return {
    async write({ baseline, findings, scores }, made) {
      const behaviour = (id: string): number => scores.get(id)?.behaviour ?? Number.NaN;
      const picture = render({
        title: 'Calls behind findings against ordinary calls',
        made: made.toISOString(),
        ordinary: baseline,
        found: Float64Array.from([...scores.keys()].map(behaviour).filter(Number.isFinite)),
        marks: findings
          .map(({ rank, event, title }) => ({ rank, value: behaviour(event.id), label: title }))
          .filter(({ value }) => Number.isFinite(value)),
        names: {
          ordinary: 'ordinary calls',
          found: 'findings',
          axis: "How unlike the actor's ways, in nats: further right is stranger",
        },
      });
      try {
        await writeFileAtomic(path, picture);
      } catch (cause) {
        throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write the picture "${path}".`, { cause });
      }
    },
  };
}
