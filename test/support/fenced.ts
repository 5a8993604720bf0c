import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** A fenced block of a document. */
export interface Fenced {
  readonly file: string;
  /** 1-based line of the block's first line of content. */
  readonly line: number;
  /** The words after the opening fence, such as `sh` or `ts`. */
  readonly language: string;
  readonly code: string;
}

/** The documents whose examples run: the README and everything below docs/ but the generated reference. */
export function documents(): string[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('reference/'))
    .map((file) => join('docs', file));
  return ['README.md', ...below.sort()];
}

export function fenced(file: string): Fenced[] {
  const blocks: Fenced[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [index, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line);
    else if (open === undefined) open = { line: index + 2, language: line.slice(3).trim(), lines: [] };
    else {
      blocks.push({ file, line: open.line, language: open.language, code: `${open.lines.join('\n')}\n` });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line - 1}: this block is never closed.`);
  return blocks;
}
