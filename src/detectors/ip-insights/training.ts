import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import {
  type Hyperparameters,
  IpInsights,
  type IpInsightsState,
  type Progress,
  Trainer,
  type TrainingPairs,
} from '../../algorithms/ip-insights/index.ts';

/** What one model is learnt from. */
export interface Lesson {
  readonly pairs: TrainingPairs;
  readonly hyper: Hyperparameters;
  readonly seed: number;
}

export interface Listener {
  /** So many more pairs were learnt from. */
  learnt(pairs: number): void;
  /** Now and then, of the first lesson. */
  report(progress: Progress): void;
  /** Let others have the thread. */
  pause(): Promise<void>;
}

/** What a worker says. */
export type Message =
  | { readonly learnt: number }
  | { readonly progress: Progress }
  | { readonly state: IpInsightsState }
  | { readonly fault: string };

/** Starting a thread takes longer than learning from fewer pairs. */
const leastPairs = 200_000;

/**
 * A model of each lesson; with several `workers` in threads, as many lessons at once. The models are the same. Where the
 * worker's file is not there, as in a bundle, all is learnt in this thread. Throws RangeError as Trainer does.
 */
export async function learn(lessons: readonly Lesson[], workers: number, listener: Listener): Promise<IpInsights[]> {
  const models: IpInsights[] = [];
  const waiting = lessons.map((lesson, index) => ({ lesson, index }));
  const script = workers > 1 && lessons.some((lesson) => pairsOf(lesson) >= leastPairs) ? workerFile() : undefined;
  const running = new Set<Worker>();
  const next = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const { lesson, index } = task;
      const report = index === 0 ? listener.report : () => undefined;
      const told = { ...listener, report };
      models[index] =
        script === undefined ? await learnHere(lesson, told) : await learnThere(script, lesson, told, running);
    }
  };
  try {
    await Promise.all(Array.from({ length: script === undefined ? 1 : workers }, next));
  } finally {
    waiting.length = 0;
    await Promise.all([...running].map((worker) => worker.terminate()));
  }
  return models;
}

/** How many pairs a lesson goes through. */
export const pairsOf = ({ pairs: { v4, v6 }, hyper }: Lesson): number =>
  hyper.epochs * (v4.entities.length + (v6?.entities.length ?? 0));

function workerFile(): URL | undefined {
  const source = new URL('./training-worker.ts', import.meta.url);
  const script = import.meta.url.endsWith('.ts') ? source : new URL(source.href.replace(/\.ts$/, '.js'));
  return script.protocol === 'file:' && existsSync(fileURLToPath(script)) ? script : undefined;
}

async function learnHere({ pairs, hyper, seed }: Lesson, { learnt, report, pause }: Listener): Promise<IpInsights> {
  const trainer = new Trainer(pairs, hyper, seed);
  for (const progress of trainer.run(learnt)) {
    report(progress);
    await pause();
  }
  return trainer.model();
}

function learnThere(
  script: URL,
  lesson: Lesson,
  { learnt, report }: Listener,
  running: Set<Worker>,
): Promise<IpInsights> {
  const worker = new Worker(script, { workerData: lesson, execArgv: [] });
  running.add(worker);
  return new Promise<IpInsights>((resolve, reject) => {
    worker.on('message', (message: Message) => {
      if ('learnt' in message) learnt(message.learnt);
      else if ('progress' in message) report(message.progress);
      else if ('fault' in message) reject(new RangeError(message.fault));
      else resolve(new IpInsights(message.state));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`The thread that learns ended with ${code}.`)));
  }).finally(() => running.delete(worker));
}
