import { existsSync } from 'node:fs';
import {
  type Event,
  isLearner,
  isResumable,
  type Learner,
  ScopsError,
  type Sink,
  type Source,
} from '../../event/index.ts';
import { enriched } from '../../pipeline/enrich.ts';
import { keepIn, placeOf, resumeAt } from '../../pipeline/memory.ts';
import { parseOptions } from '../../pipeline/options.ts';
import { find } from '../../pipeline/registry.ts';
import { review } from '../../pipeline/review.ts';
import { run } from '../../pipeline/run.ts';
import { loginFormats } from '../../pipeline/sniff.ts';
import { loadTrained, saveTrained, type Trained } from '../../pipeline/trained.ts';
import { Experience } from '../../triage/experience.ts';
import { counted, createSource, limitOf } from '../common.ts';
import { coverageOf } from '../coverage.ts';
import { closeEnrichers, createEnrichers } from '../enrichers.ts';
import type { Terminal } from '../terminal.ts';
import { chooseFacts, chooseLogins, type LoginsOptions, openSinks, streams } from './choose.ts';
import { Every } from './every.ts';
import { outcome, selection } from './outcome.ts';

/**
 * Parse, enrich, learn, rank and explain. Without a model file, or before there is one, the whole input is learnt and
 * its strangest logins are brought; with one, only what is new is read. Then, with `follow`, whatever comes.
 */
export async function logins(files: readonly string[], options: LoginsOptions, terminal: Terminal): Promise<void> {
  const { context, signal } = terminal;
  const { component, input } = await chooseLogins(files, options);
  const enrichers = createEnrichers(await chooseFacts(options), context);
  const open = (follow: boolean): Source =>
    enriched(createSource({ component, input: follow ? { ...input, follow } : input }, context), enrichers);
  const sinks = await openSinks(options, terminal);
  const shows = selection(options, context.now());
  const every = options.all === true ? new Every(shows, terminal) : undefined;
  const limit = limitOf(options);
  const path = options.model;
  try {
    let trained = path !== undefined && existsSync(path) ? await load(path, options, terminal) : undefined;
    if (trained === undefined) {
      const model = await begin(options, terminal);
      if (streams(files)) trained = unlearnt(options, model);
      else {
        const source = open(false);
        if ((path !== undefined || options.follow === true) && isResumable(source)) source.checkpoint();
        const about = { detector: options.detector, options: options.given };
        const read = await review({
          ...about,
          source,
          model,
          limit,
          shows,
          signal,
          ...(every && { onJudged: (event, score) => every.add(about.detector, model, event, score, false) }),
        });
        await every?.flush();
        if (read.trained.trained.events === 0 && terminal.rejected() > 0) throw unreadableAs(source.name);
        if (read.findings.length > 0) for (const sink of sinks) await sink.write(read.findings, signal);
        const place = isResumable(source) ? { place: placeOf(source) } : {};
        trained = { ...read.trained, ...place };
        if (path !== undefined) await saveTrained(path, trained);
        tell(source, outcome(read, options, context.now()), terminal);
        if (options.follow !== true) {
          for (const sink of sinks) await sink.close?.();
          return;
        }
        terminal.say('Following; interrupt to stop.');
      }
    }
    const source = open(options.follow === true);
    resumeAt(source, trained, path ?? 'in memory');
    const { detector, model: judging } = trained;
    const summary = await run({
      source,
      trained,
      sinks: sinks.map((sink) => only(sink, shows)),
      learns: true,
      repeat: day,
      ...(every && {
        onJudged: (event, { score }) => every.add(detector, judging, event, score, source.live === true),
      }),
      ...(limit ? { limit } : {}),
      ...(path === undefined ? {} : { keep: keepIn(path, trained, source, context) }),
      context,
      signal,
    });
    await every?.flush();
    tell(source, `${counted(summary.findings, 'finding')} among ${counted(summary.judged, 'new login')}.`, terminal);
  } finally {
    await closeEnrichers(enrichers, terminal);
  }
}

/** The same user from the same network is told once a day. */
const day = 86_400_000;

const only = (sink: Sink, shows: (event: Event) => boolean): Sink => ({
  ...sink,
  write: async (findings, signal) => {
    const shown = findings.filter(({ event }) => shows(event));
    if (shown.length > 0) await sink.write(shown, signal);
  },
});

/** An empty model of the detector asked for. Throws ScopsError USAGE when it does not learn as it goes. */
async function begin(options: LoginsOptions, { context }: Terminal): Promise<Learner> {
  const component = await find('detector', options.detector);
  const model = component.create(parseOptions(component, options.given), context).begin?.();
  if (model !== undefined) return model;
  throw new ScopsError('USAGE', `The detector "${component.name}" does not learn as it goes. Use scops fit.`);
}

const unlearnt = (options: LoginsOptions, model: Learner): Trained => ({
  detector: options.detector,
  options: options.given,
  model,
  experience: new Experience(model),
  calibrations: [],
  trained: { events: 0, from: 0, to: 0 },
});

async function load(path: string, options: LoginsOptions, { context }: Terminal): Promise<Trained> {
  const trained = await loadTrained(path, context, options.given);
  if (options.named && trained.detector !== options.detector) {
    throw new ScopsError(
      'MODEL_MISMATCH',
      `"${path}" is a "${trained.detector}" model, not one of "${options.detector}": leave out --detector, or name another model file.`,
    );
  }
  if (isLearner(trained.model)) return trained;
  throw new ScopsError(
    'MODEL_MISMATCH',
    `"${path}" is a "${trained.detector}" model, which does not learn as it goes. Use scops score.`,
  );
}

const unreadableAs = (name: string): ScopsError =>
  new ScopsError(
    'NOTHING_LEARNT',
    `No record is one that the source "${name}" reads. If they are of another kind, say which with --format: ${loginFormats.join(', ')}.`,
  );

function tell(source: Source, findings: string, terminal: Terminal): void {
  const coverage = coverageOf(source);
  if (coverage !== undefined) terminal.say(coverage);
  terminal.say(findings);
}
