import type { Command } from 'commander';
import { ScopsError } from '../../event/index.ts';
import { componentKinds, list } from '../../pipeline/registry.ts';

interface Word {
  readonly path: string;
  readonly words: readonly string[];
}

function tree(command: Command, path: string): Word[] {
  const words = [
    ...command.commands.map((child) => child.name()),
    ...command.options.flatMap((option) => (option.long ? [option.long] : [])),
  ];
  return [{ path, words }, ...command.commands.flatMap((child) => tree(child, `${path} ${child.name()}`))];
}

const cases = (words: readonly Word[]): string =>
  words.map(({ path, words: list }) => `    "${path}") words="${list.join(' ')}" ;;`).join('\n');

const function_ = (words: readonly Word[]): string => `_scops_words() {
  local path="scops" word words=""
  for word in "$@"; do
    case "$word" in -*) ;; *) case " ${[...new Set(words.slice(1).map(({ path }) => path.split(' ').at(-1)))].join(' ')} " in *" $word "*) path="$path $word" ;; esac ;; esac
  done
  case "$path" in
${cases(words)}
  esac
  echo "$words"
}`;

/** Scripts for each shell; they know the commands, their switches and the components' names. */
const scripts: Readonly<Record<string, (words: readonly Word[]) => string>> = {
  bash: (words) => `${function_(words)}
_scops() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=($(compgen -W "$(_scops_words "\${COMP_WORDS[@]:1:COMP_CWORD-1}")" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _scops scops
`,
  zsh: (words) => `#compdef scops
${function_(words)}
_scops() {
  local -a choices
  choices=(\${=$(_scops_words "\${words[@]:1:$((CURRENT-2))}")})
  compadd -a choices
  _files
}
compdef _scops scops
`,
  fish: (words) =>
    words
      .map(({ path, words: list }) => {
        const [, ...commands] = path.split(' ');
        const condition =
          commands.length === 0 ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${commands.at(-1)}`;
        return `complete -c scops -n "${condition}" -a "${list.join(' ')}"`;
      })
      .join('\n')
      .concat('\n'),
};

export function register(program: Command): void {
  program
    .command('completion')
    .summary('print the completion script of a shell')
    .description('Print a completion script. For bash: eval "$(scops completion bash)"')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      const script = scripts[shell];
      if (script === undefined)
        throw new ScopsError('USAGE', `"${shell}" is none of ${Object.keys(scripts).join(', ')}.`);
      const words = tree(program, 'scops').map((word) =>
        word.path === 'scops help'
          ? { ...word, words: [...program.commands.map((each) => each.name()), ...componentKinds.flatMap(list)] }
          : word,
      );
      process.stdout.write(script(words));
    });
}
