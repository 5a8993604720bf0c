import { type Event, text } from '../../event/index.ts';
import type { Review } from '../../pipeline/review.ts';
import { visible } from '../../text/escape.ts';
import { shortNumber } from '../../text/finding.ts';
import { counted, moment } from '../common.ts';
import type { LoginsOptions } from './choose.ts';

type Asked = Pick<LoginsOptions, 'since' | 'user'>;

const sinceWhen = ({ since }: Asked, now: number): number => since?.(now) ?? Number.NEGATIVE_INFINITY;

/** Which logins are asked for. */
export function selection(asked: Asked, now: number): (event: Event) => boolean {
  const from = sinceWhen(asked, now);
  const names = asked.user?.map(pattern);
  return (event) => {
    if (event.time < from) return false;
    const name = text(event, 'user.name') ?? '';
    return names === undefined || names.some((matches) => matches(name));
  };
}

/** Whether a name is like one in which * stands for any letters, in linear time. */
function pattern(wanted: string): (name: string) => boolean {
  const [first = '', ...rest] = wanted.split('*');
  const last = rest.pop();
  if (last === undefined) return (name) => name === wanted;
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    let at = first.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= name.length - last.length;
  };
}

/** What came of a whole input: where there is no finding, what was nearest to one, and whether enough is known yet. */
export function outcome(review: Review, asked: Asked, now: number): string {
  const { findings, nearest, judged, shown, trained } = review;
  const { events, from, to } = trained.trained;
  if (events === 0) return 'Nothing was read: the files are empty, or the folder has none by such a name.';
  if (judged === 0) return `No successful login among ${counted(events, 'event')}, so nothing to judge.`;
  if (shown === 0) {
    const of = asked.user === undefined ? '' : ` of ${asked.user.join(' or ')}`;
    const since = asked.since === undefined ? '' : ` since ${moment(sinceWhen(asked, now))}`;
    return visible(
      `No successful login${of}${since}: the ${counted(judged, 'login')} read are from ${moment(from)} to ${moment(to)}.`,
    );
  }
  const among = shown === judged ? counted(judged, 'login') : `the ${shown} asked for of ${counted(judged, 'login')}`;
  const found = `${counted(findings.length, 'finding')} among ${among}.`;
  if (nearest === undefined) return found;
  const { score, threshold, title, event } = nearest;
  const values = `scored ${shortNumber(score.value)}, and a finding needs more than ${shortNumber(threshold)}`;
  const learning = score.reasons.find(({ code }) => code === 'learning')?.text ?? '';
  return visible(`${found} The strangest ${values}: ${title}, ${moment(event.time)}. ${learning}`.trimEnd());
}
