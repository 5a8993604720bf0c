import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../event/index.ts';

const million = 1e6;
const inMillions = (count: number): string => (count / million).toFixed(1);

/** A bar on standard error with the rate and the time left; nothing at all when `shown` is false. */
export function createProgress(shown: boolean): {
  update(progress: Progress): void;
  /** Write something while the bar is up, without tearing it. */
  above<Result>(write: () => Result): Result;
  stop(): void;
} {
  let bar: SingleBar | undefined;
  let counted: string | undefined;
  let started = performance.now();
  const begin = (total: number, unit: string): SingleBar => {
    bar?.stop();
    started = performance.now();
    const format = `{bar} {percentage}% | {done}/{size} ${unit} | {rate} ${unit}/s | {eta_formatted} left`;
    const options = { format, stream: process.stderr, hideCursor: true, clearOnComplete: true };
    const begun = new SingleBar(options, Presets.shades_grey);
    begun.start(total, 0, { done: '0.0', size: inMillions(total), rate: '0.0' });
    return begun;
  };
  return {
    update({ bytes, total, unit }) {
      if (!shown || total === undefined || total < million) return;
      if (bar === undefined || counted !== unit) bar = begin(total, unit === undefined ? 'MB' : `million ${unit}`);
      counted = unit;
      bar.setTotal(total);
      const seconds = (performance.now() - started) / 1000;
      bar.update(bytes, {
        done: inMillions(bytes),
        size: inMillions(total),
        rate: inMillions(bytes / Math.max(seconds, 0.001)),
      });
      if (bytes >= total) bar.stop();
    },
    above: (write) => {
      if (bar?.isActive) process.stderr.write('\r\u001b[2K');
      return write();
    },
    stop: () => bar?.stop(),
  };
}
