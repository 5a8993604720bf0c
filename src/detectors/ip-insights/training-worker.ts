import { parentPort, workerData } from 'node:worker_threads';
import { Trainer } from '../../algorithms/ip-insights/index.ts';
import type { Lesson, Message } from './training.ts';

/** Messages cost more than steps. */
const told = 10_000;

function learn({ pairs, hyper, seed }: Lesson, say: (message: Message) => void): void {
  const trainer = new Trainer(pairs, hyper, seed);
  let untold = 0;
  const onStep = (count: number): void => {
    untold += count;
    if (untold < told) return;
    say({ learnt: untold });
    untold = 0;
  };
  for (const progress of trainer.run(onStep)) say({ progress });
  say({ learnt: untold });
  say({ state: trainer.model().state });
}

const say = (message: Message): void => parentPort?.postMessage(message);
try {
  learn(workerData as Lesson, say);
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  say({ fault: error.message });
}
