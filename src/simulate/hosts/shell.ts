/** One command of a line: its words, and the file that its output goes to. */
export interface Command {
  readonly args: readonly string[];
  readonly output?: { readonly path: string; readonly append: boolean };
}

interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

const isOperator = (character: string): boolean => character === '|' || character === ';' || character === '&';

/** Words and operators of a line; quotes and backslashes as in the shell, no expansion of any kind. */
function tokens(line: string): Word[] {
  const words: Word[] = [];
  let text = '';
  let open = false;
  let quoted = false;
  const close = () => {
    if (open) words.push({ text, quoted });
    text = '';
    open = quoted = false;
  };
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (character === "'" || character === '"') {
      for (i++; i < line.length && line[i] !== character; i++) {
        if (character === '"' && line[i] === '\\') i++;
        text += line[i] ?? '';
      }
      open = quoted = true;
    } else if (character === '\\') {
      text += line[++i] ?? '';
      open = quoted = true;
    } else if (character === ' ') {
      close();
    } else if (isOperator(character) && !text.endsWith('>')) {
      close();
      words.push({ text: ';', quoted: false });
    } else {
      text += character;
      open = true;
    }
  }
  close();
  return words;
}

/** The commands that a line of shell runs, in order. Pipes, `&&` and `;` only separate; input and error output are dropped. */
export function commands(line: string): Command[] {
  const found: Command[] = [];
  let args: string[] = [];
  let output: Command['output'];
  const close = () => {
    if (args.length > 0) found.push(output ? { args, output } : { args });
    args = [];
    output = undefined;
  };
  const words = tokens(line);
  for (let i = 0; i < words.length; i++) {
    const { text, quoted } = words[i] as Word;
    if (quoted) args.push(text);
    else if (text === ';') close();
    else if (text === '>' || text === '>>') output = { path: words[++i]?.text ?? '', append: text === '>>' };
    else if (text === '<') i++;
    else if (/^[12&]?>/.test(text)) continue;
    else if (args.length === 0 && /^[A-Z_]+=/.test(text)) continue;
    else args.push(text);
  }
  close();
  return found;
}
