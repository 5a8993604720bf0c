/** What the live journal is asked for. */
export interface ChildOptions {
  readonly command: string;
  readonly unit?: string | undefined;
  readonly matches: readonly string[];
  readonly since?: string | undefined;
  readonly from: 'start' | 'end';
  readonly maxLineBytes: number;
}

/**
 * The arguments of a `journalctl` that follows: after the entry of cursor `from`, or from the time `from` in epoch
 * milliseconds; else from where the options say. Each value is part of one argument, so that none can be an option.
 */
export function followArguments(options: ChildOptions, from: string | number | undefined): string[] {
  const { unit, matches } = options;
  const first = place(options, from);
  const only = unit === undefined ? [] : [`--unit=${unit}`];
  return ['--follow', '--output=json', '--no-pager', '--quiet', ...first, ...only, '--', ...matches];
}

function place({ since, from: where }: ChildOptions, from: string | number | undefined): string[] {
  if (typeof from === 'string') return ['--no-tail', `--after-cursor=${from}`];
  // Entries of the same second may come again; none is left out.
  if (from !== undefined && where === 'end') return ['--no-tail', `--since=@${Math.floor(from / 1000)}`];
  if (where === 'end') return ['--lines=0'];
  return ['--no-tail', ...(since === undefined ? [] : [`--since=${since}`])];
}
