import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { ScopsError } from '../event/index.ts';

const isDatabase = (name: string): boolean => /\.(?:mmdb|csv)(?:\.gz)?$/.test(name);
const isPackage = (name: string): boolean => /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(name) && !isDatabase(name);

/**
 * The files that a name stands for: itself where it is a path, else the databases in the npm package of that name, as
 * it is installed where the user works. Throws ScopsError SOURCE_UNREADABLE when there is neither.
 */
export function databasePaths(name: string): string[] {
  if (existsSync(name) || !isPackage(name)) return [name];
  const folder = createRequire(resolve('here'))
    .resolve.paths(`${name}/package.json`)
    ?.map((modules) => join(modules, name))
    .find((each) => existsSync(join(each, 'package.json')));
  if (folder === undefined) {
    throw new ScopsError(
      'SOURCE_UNREADABLE',
      `"${name}" is neither a file nor an installed npm package. Give the path of a database, or run: npm install ${name}`,
    );
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => isDatabase(file) && !file.includes('node_modules'))
    .sort();
  if (files.length > 0) return files.map((file) => join(folder, file));
  throw new ScopsError('SOURCE_UNREADABLE', `The npm package "${name}" in ${folder} holds no .mmdb and no .csv file.`);
}
