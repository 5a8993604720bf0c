import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../event/index.ts';

const megabyte = 1e6;

/** A bar on standard error with the rate and the time left; nothing at all when `shown` is false. */
export function createProgress(shown: boolean): {
  update(progress: Progress): void;
  /** Write something while the bar is up, without tearing it. */
  above<Result>(write: () => Result): Result;
  stop(): void;
} {
  let bar: SingleBar | undefined;
  const started = performance.now();
  return {
    update({ bytes, total }) {
      if (!shown || total === undefined || total < megabyte) return;
      if (bar === undefined) {
        const format = '{bar} {percentage}% | {done}/{size} MB | {rate} MB/s | {eta_formatted} left';
        bar = new SingleBar(
          { format, stream: process.stderr, hideCursor: true, clearOnComplete: true },
          Presets.shades_grey,
        );
        bar.start(total, 0, { done: '0.0', size: (total / megabyte).toFixed(1), rate: '0.0' });
      }
      bar.setTotal(total);
      const seconds = (performance.now() - started) / 1000;
      bar.update(bytes, {
        done: (bytes / megabyte).toFixed(1),
        size: (total / megabyte).toFixed(1),
        rate: (bytes / megabyte / Math.max(seconds, 0.001)).toFixed(1),
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
