import writeFileAtomic from 'write-file-atomic';
import { createRandom, type Random } from '../algorithms/index.ts';
import { type Event, type EventKind, type Finding, isProjectable, ScopsError } from '../event/index.ts';
import { renderHtml } from '../report/html.ts';
import { addHour, type PictureGroup } from '../report/picture.ts';
import { renderSvg } from '../report/svg.ts';
import type { RunSummary } from './run.ts';
import type { Trained } from './trained.ts';

/** At most this many events of a kind are drawn; beyond that a random sample. */
const mostDrawn = 4_000;

/** Twelve years; times come from the log, and a forged one must not cost memory. */
const mostHours = 105_000;

const groupNames: Partial<Record<EventKind, string>> = { file: 'Files', process: 'Commands', login: 'Logins' };

/** Gathers what a picture shows while a run goes on, and draws it at the end. */
export interface Plot {
  add(event: Event): void;
  /** Throws ScopsError OUTPUT_UNWRITABLE. */
  write(findings: readonly Finding[], summary: RunSummary, rejects: number, made: Date): Promise<void>;
}

/** A picture of a run: `.svg` is the scatter alone, `.html` has the findings too. Throws ScopsError USAGE for other names. */
export function createPlot(path: string, { model, detector }: Trained): Plot {
  const render = path.endsWith('.svg') ? renderSvg : /\.html?$/.test(path) ? renderHtml : undefined;
  if (render === undefined) throw new ScopsError('USAGE', `--plot writes .svg or .html, not "${path}".`);
  const samples = new Map<EventKind, { seen: number; kept: Event[]; random: Random }>();
  const hours = new Map<number, number>();

  const group = (kind: EventKind, findings: readonly Finding[]): PictureGroup[] => {
    if (!isProjectable(model)) return [];
    const sampled = samples.get(kind)?.kept ?? [];
    const shown = findings.filter(({ event }) => event.kind === kind);
    const { training, counts, events } = model.project(kind, [...sampled, ...shown.map(({ event }) => event)]);
    return [
      {
        name: groupNames[kind] ?? kind,
        training: { xy: training, counts },
        events: { xy: events.subarray(0, 2 * sampled.length) },
        eventsSeen: samples.get(kind)?.seen ?? 0,
        findings: shown.map(({ rank, score, threshold, title }, index) => ({
          x: events[2 * (sampled.length + index)] as number,
          y: events[2 * (sampled.length + index) + 1] as number,
          rank,
          score,
          threshold,
          label: title,
        })),
      },
    ];
  };

  return {
    add(event) {
      if (hours.size < mostHours) addHour(hours, event.time);
      const sample = samples.get(event.kind) ?? { seen: 0, kept: [], random: createRandom(1) };
      samples.set(event.kind, sample);
      sample.seen++;
      if (sample.kept.length < mostDrawn) sample.kept.push(event);
      else {
        const at = sample.random.integer(sample.seen);
        if (at < mostDrawn) sample.kept[at] = event;
      }
    },
    async write(findings, summary, rejects, made) {
      const picture = render({
        title: `Scops findings (${detector})`,
        made: made.toISOString(),
        groups: model.kinds.flatMap((kind) => group(kind, findings)),
        findings,
        summary: {
          events: summary.events,
          findings: summary.findings,
          rejects,
          ...(summary.events > 0 ? { from: summary.from, to: summary.to } : {}),
        },
        hours,
      });
      try {
        await writeFileAtomic(path, picture);
      } catch (cause) {
        throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write the picture "${path}".`, { cause });
      }
    },
  };
}
