/** What the live journal is asked for. */
export interface ChildOptions {
  readonly command: string;
  readonly directory?: string | undefined;
  readonly unit?: string | undefined;
  readonly matches: readonly string[];
  readonly since?: string | undefined;
  readonly from: 'start' | 'end';
  readonly maxLineBytes: number;
}

/** `read` gives what is there and ends; `follow` goes on. */
export type Manner = 'read' | 'follow';

/**
 * The arguments of a `journalctl` that begins with the entry of cursor `from`, or at the time `from` in epoch
 * milliseconds; else where the options say. Each value is part of one argument, so that none can be an option.
 *
 * Since systemd 250 `--follow` shows one boot only, so what came before has to be read without it. `--after-cursor`
 * would leave out an entry where that of the cursor is not among those asked for (systemd issue 30288), and `--quiet`
 * the hint that this user may not see the others' entries.
 */
export function journalArguments(options: ChildOptions, from: string | number | undefined, manner: Manner): string[] {
  const { directory, unit, matches } = options;
  const first = place(options, from, manner);
  // Of a folder of other computers' journals, --follow would show only the boot that came last; with --merge, all.
  const where = directory === undefined ? [] : ['--merge', `--directory=${directory}`];
  const only = unit === undefined ? [] : [`--unit=${unit}`];
  return ['--output=json', '--no-pager', ...first, ...where, ...only, '--', ...matches];
}

function place({ since, from: where }: ChildOptions, from: string | number | undefined, manner: Manner): string[] {
  const all = manner === 'follow' ? ['--follow', '--no-tail'] : [];
  if (typeof from === 'string') return [...all, `--cursor=${from}`];
  // Entries of the same second may come again; none is left out.
  if (from !== undefined && where === 'end') return [...all, `--since=@${Math.floor(from / 1000)}`];
  if (where === 'end') return ['--follow', '--lines=0'];
  return [...all, ...(since === undefined ? [] : [`--since=${since}`])];
}
