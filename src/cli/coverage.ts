import { isCovering, type Source } from '../event/index.ts';
import { visible } from '../text/escape.ts';
import { count } from './common.ts';

/** What a source understood of its input, in words; undefined when it cannot say, or read nothing. */
export function coverageOf(source: Source): string | undefined {
  if (!isCovering(source)) return undefined;
  const { records, understood, unknown } = source.coverage();
  if (records === 0) return undefined;
  const said = `${count(understood)} of ${count(records)} ${source.name} records understood`;
  if (unknown.length === 0) return `${said}.`;
  const shapes = unknown.slice(0, 3).map(({ shape, count: times }) => `${count(times)} × ${visible(shape)}`);
  return `${said}; unknown shapes: ${shapes.join('; ')}${unknown.length > 3 ? '; …' : ''}`;
}
