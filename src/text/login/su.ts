import type { Line } from '../syslog/line.ts';
import { type Draft, putText, type Told, told } from './draft.ts';

function become(draft: Draft, ok: boolean, name: string, target: string, tty: string): Told {
  if (name === '' && target === '') return undefined;
  draft['event.action'] = 'su';
  draft['event.outcome'] = ok ? 'success' : 'failure';
  putText(draft, 'user.name', name);
  putText(draft, 'user.target.name', target);
  // util-linux and shadow without a terminal.
  if (tty !== 'none' && tty !== '???') putText(draft, 'process.tty', tty);
  return 'login';
}

/** What shadow's su says beside an outcome (su.c). */
const beside = [
  'Authentication failed for ',
  'No passwd entry for user ',
  'Cannot ',
  'Will not execute ',
  'Change user from ',
];

/**
 * `[FAILED SU ](to TARGET) NAME on TTY` of util-linux, `Successful su for TARGET by NAME`, `FAILED su for TARGET by NAME`
 * and `+ TTY NAME:TARGET` of shadow, `[BAD SU ]NAME to TARGET on TTY` of BSD. Names are of accounts.
 */
export function readSu({ text }: Line, from: number, end: number, draft: Draft): Told {
  let at = from;
  let ok = true;
  if (beside.some((start) => text.startsWith(start, at))) return told(draft, 'su');
  if (text.startsWith('FAILED SU ', at) || text.startsWith('BAD SU ', at)) {
    ok = false;
    at += text.charCodeAt(at) === 70 ? 10 : 7;
  }
  if (text.startsWith('(to ', at)) {
    const close = text.indexOf(') ', at);
    const on = text.lastIndexOf(' on ', end);
    if (close < 0 || close >= end) return undefined;
    const nameEnd = on > close ? on : end;
    return become(
      draft,
      ok,
      text.slice(close + 2, nameEnd),
      text.slice(at + 4, close),
      on > close ? text.slice(on + 4, end) : '',
    );
  }
  if (text.startsWith('SU by ', at)) {
    const to = text.lastIndexOf(' to restricted account ', end);
    return to < at ? undefined : become(draft, false, text.slice(at + 6, to), text.slice(to + 23, end), '');
  }
  for (const start of ['Successful su for ', 'FAILED su for ']) {
    const by = text.startsWith(start, at) ? text.lastIndexOf(' by ', end) : -1;
    if (by > at)
      return become(draft, start.startsWith('S'), text.slice(by + 4, end), text.slice(at + start.length, by), '');
  }
  const sign = text.charCodeAt(at);
  if ((sign === 43 || sign === 45) && text.charCodeAt(at + 1) === 32) {
    const space = text.indexOf(' ', at + 2);
    const colon = text.indexOf(':', space);
    if (space < 0 || colon < 0 || colon >= end) return undefined;
    return become(
      draft,
      sign === 43,
      text.slice(space + 1, colon),
      text.slice(colon + 1, end),
      text.slice(at + 2, space),
    );
  }
  const to = text.indexOf(' to ', at);
  const on = text.lastIndexOf(' on ', end);
  if (to < 0 || on < to) return undefined;
  return become(draft, ok, text.slice(at, to), text.slice(to + 4, on), text.slice(on + 4, end));
}
