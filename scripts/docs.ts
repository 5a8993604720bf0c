import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { optionRows } from '../src/pipeline/options.ts';
import { type AnyComponent, componentKinds, find, list } from '../src/pipeline/registry.ts';

/** Writes docs/reference from what the components declare; `--check` says what is out of date instead. */
const root = join(import.meta.dirname, '..', 'docs', 'reference');
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function page(component: AnyComponent): string {
  const lines = [`# ${component.kind} \`${component.name}\``, '', component.summary, ''];
  if (component.needs) {
    const { package: name, version } = component.needs;
    lines.push(`Needs the package \`${name}\` ${version}: \`npm install ${name}@${version}\``, '');
  }
  const rows = optionRows(component);
  if (rows.length > 0) lines.push('| option | type | default | meaning |', '| --- | --- | --- | --- |');
  for (const row of rows) {
    const fallback = row.required ? 'required' : row.default === undefined ? '' : `\`${JSON.stringify(row.default)}\``;
    lines.push(`| \`${row.name}\` | ${cell(row.type)} | ${cell(fallback)} | ${cell(row.description)} |`);
  }
  if (component.examples?.length) lines.push('', '```text', ...component.examples, '```');
  return `${lines.join('\n')}\n`;
}

const pages = new Map<string, string>();
const index = ['# Component reference', '', 'Made by `npm run docs` from what the components declare.', ''];
for (const kind of componentKinds) {
  index.push(`## ${kind[0]?.toUpperCase()}${kind.slice(1)}s`, '');
  for (const name of list(kind)) {
    const component = await find(kind, name);
    pages.set(`${kind}s/${name}.md`, page(component));
    index.push(`- [\`${name}\`](${kind}s/${name}.md): ${component.summary}`);
  }
  index.push('');
}
pages.set('README.md', `${index.join('\n').trimEnd()}\n`);

const present = existsSync(root)
  ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'))
  : [];
const stale = [
  ...present.filter((file) => !pages.has(file)),
  ...[...pages]
    .filter(([file, text]) => !present.includes(file) || readFileSync(join(root, file), 'utf8') !== text)
    .map(([file]) => file),
];
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`Out of date: ${stale.join(', ')}. Run: npm run docs`);
    process.exitCode = 1;
  }
} else {
  for (const file of present) if (!pages.has(file)) rmSync(join(root, file));
  for (const [file, text] of pages) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}
