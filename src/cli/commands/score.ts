import type { Command } from 'commander';
import { type Finding, isLearner, ScopsError, type Sink } from '../../event/index.ts';
import { checkpointFile } from '../../pipeline/checkpoint.ts';
import { type PipelineConfig, readConfig } from '../../pipeline/config.ts';
import { enriched } from '../../pipeline/enrich.ts';
import { keepIn, requireLearner, resumeAt } from '../../pipeline/memory.ts';
import { createPlot } from '../../pipeline/plot.ts';
import { find } from '../../pipeline/registry.ts';
import { run } from '../../pipeline/run.ts';
import { type Chosen, chooseBySpec } from '../../pipeline/spec.ts';
import { loadTrained } from '../../pipeline/trained.ts';
import {
  asNumber,
  chooseSource,
  collectSpecs,
  count,
  counted,
  createSink,
  createSource,
  detectorAhead,
  givenOptions,
  inTerminal,
  limitOf,
  moment,
  withCommon,
  withComponentOptions,
} from '../common.ts';
import { coverageOf } from '../coverage.ts';
import { chooseEnrichers, closeEnrichers, createEnrichers, enrichFlag } from '../enrichers.ts';
import type { Terminal } from '../terminal.ts';

export async function register(program: Command, argv: readonly string[]): Promise<void> {
  const { name, rows } = await detectorAhead(argv);
  const lists = rows.filter(({ type }) => type.startsWith('list'));
  const command = program
    .command('score')
    .summary('judge events and bring the findings, strangest first')
    .description(
      'Judge events by a model and bring the findings: ranked, with reasons, to the terminal and other sinks.',
    )
    .argument('[files...]', 'Wazuh alerts: files, plain or compressed, folders, or - for standard input')
    .option('-m, --model <file>', 'the model file that scops fit wrote')
    .option('-c, --config <file>', 'a pipeline file instead of the options here (see scops check)')
    .option('--source <spec>', 'read from a source, such as kafka:localhost:9092/wazuh (see scops list sources)')
    .option(...enrichFlag, collectSpecs)
    .option('--sink <spec>', 'deliver to a sink, such as slack or jsonl:findings.jsonl; may be repeated', collectSpecs)
    .option('--follow', 'go on reading as the file grows, through rotation, until interrupted')
    .option('--from <place>', 'with --follow and no checkpoint: start or end of the file')
    .option('--learn', 'go on learning, where the detector can; the model file is written anew and keeps the place')
    .option('--checkpoint <file>', 'keep the place that was reached, and start from it')
    .option('--budget <n/day>', 'how many findings a day are wanted, such as 5/day, 1/hour or 10/week')
    .option('--contamination <share>', 'flag as strictly as the strangest share of training events', asNumber)
    .option(
      '--fold <minutes>',
      'findings of a host with no longer pause between them become one; 0 turns that off',
      asNumber,
    )
    .option('--repeat <minutes>', 'of a live source, alike findings are told once in so long (default: 60)', asNumber)
    .option('--plot <file>', 'draw the events and findings: .svg, or .html with the whole list')
    .option('--rejects <file>', 'keep what could not be read');
  withComponentOptions(withCommon(command), lists, `Lists of the detector ${name} that count at scoring too:`);
  command.action(async (files: string[], options) =>
    inTerminal(options, async (terminal) => score(files, options, givenOptions(lists, options), terminal)),
  );
}

type ScoreOptions = Parameters<typeof limitOf>[0] &
  Parameters<typeof chooseSource>[1] & {
    readonly model?: string;
    readonly config?: string;
    readonly enrich?: readonly string[];
    readonly sink?: readonly string[];
    readonly learn?: boolean;
    readonly checkpoint?: string;
    readonly fold?: number;
    readonly repeat?: number;
    readonly plot?: string;
    readonly rejects?: string;
  };

async function score(
  files: readonly string[],
  options: ScoreOptions,
  overrides: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<void> {
  const { context } = terminal;
  const config =
    options.config === undefined ? await fromFlags(files, options, terminal) : await fromFile(files, options);
  if (config.learn && config.checkpoint !== undefined) {
    throw new ScopsError('USAGE', 'A model that learns keeps the place itself: leave out the checkpoint.');
  }
  const trained = await loadTrained(config.model, context, overrides);
  const enrichers = createEnrichers(config.enrichers, context);
  const source = enriched(createSource(config.source, context), enrichers);
  if (config.learn) requireLearner(trained, config.model, source);
  const sinks = config.sinks.map((sink) => createSink(sink, context));
  const checkpoint = config.checkpoint === undefined ? undefined : checkpointFile(config.checkpoint);
  await checkpoint?.restore(source);
  if (config.learn) resumeAt(source, trained, config.model);
  const delivered: Finding[] = [];
  const plot = options.plot === undefined ? undefined : createPlot(options.plot, trained);
  const collector: Sink = { name: 'plot', write: async (findings) => void delivered.push(...findings.slice(0, 1000)) };
  const summary = await run({
    source,
    trained,
    sinks: plot ? [...sinks, collector] : sinks,
    ...(config.limit ? { limit: config.limit } : {}),
    ...(config.fold === undefined ? {} : { pause: config.fold * 60_000 }),
    ...(config.repeat === undefined ? {} : { repeat: config.repeat * 60_000 }),
    ...(checkpoint ? { keep: (place: string) => () => checkpoint.keep(place) } : {}),
    ...(config.learn ? { learns: true, keep: keepIn(config.model, trained, source, context) } : {}),
    ...(plot ? { onJudged: plot.add } : {}),
    context,
    signal: terminal.signal,
  });
  const { to } = trained.trained;
  if (config.learn !== true && isLearner(trained.model) && summary.from < to) {
    const instead =
      trained.detector === 'login-likelihood'
        ? 'scops logins judges each login by what came before it.'
        : 'To judge each event by what came before it, fit on earlier ones and go on with --learn.';
    context.log.warn(
      `The model has learnt up to ${moment(to)}, and the events begin at ${moment(summary.from)}: it judges those in between with hindsight. ${instead}`,
    );
  }
  const coverage = coverageOf(source);
  if (coverage !== undefined) terminal.say(coverage);
  await closeEnrichers(enrichers, terminal);
  if (summary.events === 0 && source.live !== true && terminal.rejected() > 0) {
    throw new ScopsError(
      'INPUT_INVALID',
      `No record is one that the source "${source.name}" reads. If they are of another kind, name it: --source sshd:FILE (see scops list sources).`,
    );
  }
  if (plot) {
    await plot.write(delivered, summary, terminal.rejected(), new Date(context.now()));
    terminal.say(`Wrote ${options.plot}.`);
  }
  terminal.say(
    `${counted(summary.findings, 'finding')} among ${count(summary.judged)} judged of ${counted(summary.events, 'event')} read.`,
  );
}

async function fromFlags(files: readonly string[], options: ScoreOptions, terminal: Terminal): Promise<PipelineConfig> {
  if (options.model === undefined)
    throw new ScopsError('USAGE', 'Which model? Give --model FILE (made by scops fit), or --config FILE.');
  const specs = options.sink ?? [];
  const sinks: Chosen<'sink'>[] = await Promise.all(specs.map((spec) => chooseBySpec('sink', spec)));
  if (sinks.length === 0) {
    const input = { format: terminal.json ? 'json' : 'table', color: terminal.color, width: terminal.width };
    sinks.push({ component: await find('sink', 'stdout'), input });
  }
  const limit = limitOf(options);
  return {
    model: options.model,
    source: await chooseSource(files, options),
    enrichers: await chooseEnrichers(options.enrich),
    sinks,
    ...(limit ? { limit } : {}),
    ...(options.fold === undefined ? {} : { fold: options.fold }),
    ...(options.repeat === undefined ? {} : { repeat: options.repeat }),
    ...(options.learn === undefined ? {} : { learn: options.learn }),
    ...(options.checkpoint === undefined ? {} : { checkpoint: options.checkpoint }),
  };
}

async function fromFile(files: readonly string[], options: ScoreOptions): Promise<PipelineConfig> {
  const clash = (['model', 'source', 'enrich', 'sink', 'follow', 'learn', 'checkpoint'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (files.length > 0 || clash) {
    throw new ScopsError(
      'USAGE',
      `With --config, ${clash ? `--${clash}` : `"${files[0]}"`} belongs into the pipeline file.`,
    );
  }
  const config = await readConfig(options.config as string);
  const limit = limitOf(options);
  return { ...config, ...(limit ? { limit } : {}) };
}
