import type { Command } from 'commander';
import { ScopsError } from '../../event/index.ts';
import { optionRows } from '../../pipeline/options.ts';
import { type AnyComponent, componentKinds, find, list } from '../../pipeline/registry.ts';
import { suggestion } from '../../pipeline/suggestion.ts';
import { inTerminal, withCommon } from '../common.ts';

/** The options of a component, as help and the reference pages show them. */
export function componentHelp(component: AnyComponent): string {
  const lines = [`${component.kind} ${component.name}`, `  ${component.summary}`, '', 'Options:'];
  for (const row of optionRows(component)) {
    const fallback = row.required
      ? 'required'
      : row.default === undefined
        ? 'optional'
        : `default ${JSON.stringify(row.default)}`;
    lines.push(`  ${row.name} (${row.type}, ${fallback})`, `      ${row.description}`);
  }
  if (component.needs) {
    lines.push(
      '',
      `Needs the package ${component.needs.package} ${component.needs.version}: npm install ${component.needs.package}@${component.needs.version}`,
    );
  }
  if (component.examples) lines.push('', 'Examples:', ...component.examples.map((example) => `  ${example}`));
  return `${lines.join('\n')}\n`;
}

export function register(program: Command): void {
  const command = program
    .command('help')
    .summary('show the help of a command or a component')
    .argument('[name...]', 'a command, or a source, detector or sink such as lof or slack');
  withCommon(command).action(async (names: string[], options) =>
    inTerminal(options, async (terminal) => {
      const [name, sub] = names;
      if (name === undefined) return terminal.print(program.helpInformation());
      const named = program.commands.find((each) => each.name() === name);
      const wanted = sub === undefined ? named : named?.commands.find((each) => each.name() === sub);
      if (wanted) return terminal.print(wanted.helpInformation());
      const name2 = sub ?? name;
      const kinds = componentKinds.filter((kind) => list(kind).includes(name2));
      if (kinds.length === 0) {
        const known = [...program.commands.map((each) => each.name()), ...componentKinds.flatMap(list)];
        throw new ScopsError(
          'USAGE',
          `Nothing is called "${name2}".${suggestion(name2, known)} See scops help and scops list.`,
        );
      }
      for (const kind of kinds) {
        const component = await find(kind, name2);
        if (terminal.json) {
          const { summary, needs, examples } = component;
          await terminal.print(
            `${JSON.stringify({ kind, name: name2, summary, options: optionRows(component), needs, examples })}\n`,
          );
        } else await terminal.print(componentHelp(component));
      }
    }),
  );
}
