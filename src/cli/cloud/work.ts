import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isCovering, isLearner, type Learner, ScopsError, type Source } from '../../event/index.ts';
import { createHistogram } from '../../pipeline/cloud-plot.ts';
import { gather, mostFindings, rankCloud } from '../../pipeline/cloud-rank.ts';
import { enriched } from '../../pipeline/enrich.ts';
import { parseOptions } from '../../pipeline/options.ts';
import { find } from '../../pipeline/registry.ts';
import { chooseBySpec } from '../../pipeline/spec.ts';
import { loadTrained, saveTrained, type Trained } from '../../pipeline/trained.ts';
import { visible } from '../../text/escape.ts';
import { counted, createSource, moment } from '../common.ts';
import { coverageOf } from '../coverage.ts';
import { closeEnrichers, createEnrichers } from '../enrichers.ts';
import { chooseFacts, openSinks } from '../logins/choose.ts';
import type { Moment } from '../since.ts';
import type { Terminal } from '../terminal.ts';

/** What `scops cloud rank` was asked for. */
export interface CloudRankCommand {
  readonly trail: readonly string[];
  readonly findings: readonly string[];
  readonly top?: number;
  readonly since?: Moment;
  readonly samples?: boolean;
  /** Minutes. */
  readonly margin: number;
  readonly geo?: readonly string[];
  readonly asn?: readonly string[];
  readonly known?: readonly string[];
  readonly enrich?: readonly string[];
  readonly model?: string;
  readonly sink?: readonly string[];
  readonly plot?: string;
  readonly detector: string;
  /** The detector's own options. */
  readonly given: Readonly<Record<string, unknown>>;
}

const minute = 60_000;
/** So many are shown on a terminal unless --top says otherwise; sinks and pipes get all. */
const screenful = 20;

/** Read the findings, then the trail once, and bring the findings in order. */
export async function rank(options: CloudRankCommand, terminal: Terminal): Promise<void> {
  const { context, signal } = terminal;
  const { margin, model: path, since } = options;
  if (margin < 0) throw new ScopsError('USAGE', `--margin is a number of minutes, not ${margin}.`);
  if (options.trail.includes('-') && options.findings.includes('-')) {
    throw new ScopsError('USAGE', 'Only one of --trail and --findings can be standard input.');
  }
  const histogram = options.plot === undefined ? undefined : createHistogram(options.plot);
  for (const file of [options.plot, path]) if (file !== undefined) requireFolder(file);
  const trained = path !== undefined && existsSync(path) ? await load(path, options, terminal) : undefined;
  const model = trained?.model ?? (await begin(options, terminal));
  const sinks = await openSinks(options, terminal);
  const enrichers = createEnrichers(await chooseFacts(options), context);
  try {
    const [from, to] = await Promise.all([open('guardduty', options, terminal), open('cloudtrail', options, terminal)]);
    const earliest = since?.(context.now()) ?? -Infinity;
    const findings = await gather(enriched(from, enrichers), earliest, signal);
    if (findings.length === mostFindings) context.log.warn(`Only the first ${mostFindings} findings are ranked.`);
    if (findings.length === 0) {
      requireKind(from, 'GuardDuty finding', '--findings', '--trail');
      terminal.say(nothingToRank(from, options));
      if (path === undefined) return;
    }
    const trail = enriched(to, enrichers);
    const about = { detector: options.detector, options: { ...trained?.options, ...options.given } };
    const read = await rankCloud({ ...about, model, trained, path, trail, findings, margin: margin * minute, signal });
    const { ranking } = read;
    if (signal.aborted) return;
    if (ranking.trail.events === 0 && trained === undefined) {
      requireKind(to, 'CloudTrail record', '--trail', '--findings');
      throw new ScopsError(
        'NOTHING_LEARNT',
        `The trail is empty: there is no record in "${options.trail.join('", "')}", so nothing is known of anybody.`,
      );
    }
    const shown = ranking.findings.slice(0, options.top ?? (options.sink || terminal.json ? undefined : screenful));
    if (shown.length > 0) for (const sink of sinks) await sink.write(shown, signal);
    for (const sink of sinks) await sink.close?.();
    await histogram?.write(ranking, new Date(context.now()));
    if (path !== undefined) await saveTrained(path, read.trained);
    for (const line of summary(ranking, findings.length, shown.length, to, trained)) terminal.say(visible(line));
  } finally {
    await closeEnrichers(enrichers, terminal);
  }
}

/** Throws ScopsError OUTPUT_UNWRITABLE now, not when all is read and the sinks have had theirs. */
function requireFolder(path: string): void {
  if (existsSync(dirname(path))) return;
  throw new ScopsError('OUTPUT_UNWRITABLE', `Cannot write "${path}": there is no folder "${dirname(path)}".`);
}

async function open(
  name: 'guardduty' | 'cloudtrail',
  options: CloudRankCommand,
  { context }: Terminal,
): Promise<Source> {
  const paths = name === 'guardduty' ? options.findings : options.trail;
  const samples = name === 'guardduty' ? { samples: options.samples === true } : {};
  const bucket = paths.find((path) => path.startsWith('s3:'));
  if (bucket === undefined) {
    return createSource({ component: await find('source', name), input: { paths, ...samples } }, context);
  }
  if (paths.length > 1) throw new ScopsError('USAGE', `"${visible(bucket)}" can only be read by itself.`);
  const { component, input } = await chooseBySpec('source', bucket);
  const source = createSource({ component, input: { ...input, ...samples } }, context);
  if (source.live === true) {
    throw new ScopsError(
      'USAGE',
      'A ranking needs an end: leave out "live". scops score --learn judges calls as they come.',
    );
  }
  return source;
}

/** An empty model of the detector asked for. Throws ScopsError USAGE when it does not learn as it goes. */
async function begin(options: CloudRankCommand, { context }: Terminal): Promise<Learner> {
  const component = await find('detector', options.detector);
  const model = component.create(parseOptions(component, options.given), context).begin?.();
  if (model !== undefined) return model;
  throw new ScopsError(
    'USAGE',
    `The detector "${component.name}" does not learn as it goes, so it cannot rank findings.`,
  );
}

type TrainedLearner = Trained & { readonly model: Learner };

async function load(path: string, options: CloudRankCommand, { context }: Terminal): Promise<TrainedLearner> {
  const trained = await loadTrained(path, context, options.given);
  const { model } = trained;
  if (isLearner(model)) return { ...trained, model };
  throw new ScopsError(
    'MODEL_MISMATCH',
    `"${path}" is a "${trained.detector}" model, which does not learn as it goes.`,
  );
}

/** Throws ScopsError INPUT_INVALID when files have records, none of which is of the kind that they should be. */
function requireKind(source: Source, kind: string, flag: string, other: string): void {
  if (!isCovering(source)) return;
  const { records, understood } = source.coverage();
  if (records === 0 || understood > 0) return;
  throw new ScopsError(
    'INPUT_INVALID',
    `None of the ${counted(records, 'record')} under ${flag} is a ${kind}. Are ${flag} and ${other} the wrong way round? scops cloud check says what files hold.`,
  );
}

function nothingToRank(source: Source, { samples, since }: CloudRankCommand): string {
  const understood = isCovering(source) ? source.coverage().understood : 0;
  if (understood === 0) return 'Nothing to rank: the files have no findings, or the folder has no file by such a name.';
  const why = [
    samples === true ? '' : ' are samples, which GuardDuty makes up (--samples takes them)',
    since === undefined ? '' : ' are older than --since',
  ].filter(Boolean);
  return `Nothing to rank: all of ${counted(understood, 'finding')}${why.join(', or')}.`;
}

type Ranking = Awaited<ReturnType<typeof rankCloud>>['ranking'];

function summary(
  { findings, scores, trail }: Ranking,
  read: number,
  shown: number,
  source: Source,
  before: Trained | undefined,
): string[] {
  const lines: string[] = [];
  const coverage = coverageOf(source);
  if (coverage !== undefined) lines.push(coverage);
  if (trail.events > 0) {
    lines.push(
      `The trail has ${counted(trail.events, 'event')} from ${moment(trail.from)} to ${moment(trail.to)}; ${counted(trail.joined, 'call')} in the time of a finding about the caller, judged and not learnt.`,
    );
  }
  if (read === 0) return lines;
  const without = [...scores.values()].filter(({ calls }) => calls === 0).length;
  const bare = without === 0 ? '' : ` No call behind ${without} of them is in the trail.`;
  lines.push(
    `${counted(read, 'finding')} about ${counted(findings.length, 'incident')}${shown < findings.length ? `, the strangest ${shown} shown (--top shows more)` : ''}.${bare}`,
  );
  const learntTo = before?.trained.events ? before.trained.to : -Infinity;
  const later = findings.filter(({ event }) => event.time > learntTo);
  if (later.length < findings.length) {
    lines.push(
      `${counted(findings.length - later.length, 'incident')} from before ${moment(learntTo)}, up to where the model had learnt the trail: calls from then are not read again. Leave such out by --since, or rank them without --model.`,
    );
  }
  const outside = later.filter(({ event, first = event.time }) => first > trail.to || event.time < trail.from).length;
  if (outside > 0 && trail.events > 0) {
    lines.push(
      `${counted(outside, 'incident')} outside the time that was read of the trail: give the trail that leads up to them.`,
    );
  }
  return lines;
}
