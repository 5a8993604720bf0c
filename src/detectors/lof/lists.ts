import { type Event, text } from '../../event/index.ts';

export interface Lists {
  readonly ignoreUsers: readonly string[];
  readonly ignoreUserIds: readonly string[];
  readonly ignoreFiles: readonly string[];
  readonly abuseFiles: readonly string[];
}

/** Whether the user's own lists say that this event is of no interest. */
export function isIgnored(event: Event, lists: Lists): boolean {
  const user = text(event, 'user.name') ?? text(event, 'file.owner');
  if (user !== undefined && lists.ignoreUsers.includes(user)) return true;
  const id = text(event, 'user.id');
  if (id !== undefined && lists.ignoreUserIds.includes(id)) return true;
  const path = text(event, 'file.path');
  return path !== undefined && lists.ignoreFiles.some((beginning) => path.startsWith(beginning));
}

/** The entry of `abuseFiles` that the event's path matches. */
export function abuse(event: Event, lists: Lists): string | undefined {
  const path = text(event, 'file.path');
  return path === undefined ? undefined : lists.abuseFiles.find((pattern) => contains(path, pattern));
}

/**
 * Whether a path contains a pattern in which `*` stands for any characters, `^` at the beginning and `$` at the end for
 * the path's own ends, and a backslash for the character after it. In time linear in the path for each piece.
 */
export function contains(path: string, pattern: string): boolean {
  const { pieces, fromStart, toEnd } = parse(pattern);
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    if (toEnd && i === pieces.length - 1) {
      const start = path.length - piece.length;
      return start >= at && path.endsWith(piece) && !(fromStart && i === 0 && start > 0);
    }
    const found = path.indexOf(piece, at);
    if (found < 0 || (fromStart && i === 0 && found > 0)) return false;
    at = found + piece.length;
  }
  return true;
}

function parse(pattern: string): { pieces: string[]; fromStart: boolean; toEnd: boolean } {
  const fromStart = pattern.startsWith('^');
  const pieces: string[] = [];
  let piece = '';
  let toEnd = false;
  for (let i = fromStart ? 1 : 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === '*') {
      pieces.push(piece);
      piece = '';
    } else if (character === '$' && i === pattern.length - 1) toEnd = true;
    else if (character === '\\' && i + 1 < pattern.length) piece += pattern.charAt(++i);
    else piece += character;
  }
  return { pieces: [...pieces, piece], fromStart, toEnd };
}
