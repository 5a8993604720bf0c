import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { ScopsError } from '../event/index.ts';

const isPackage = (name: string): boolean => /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/.test(name);
const isDatabase = (name: string): boolean => /\.(?:mmdb|csv)(?:\.gz)?$/.test(name);

/**
 * The files that a name stands for: itself where it is a file; the databases in it where it is a folder, or in the npm
 * package of that name, as it is installed where the user works or beside Scops; or of several names with commas
 * between, those of each. Of `formats`, such as 'mmdb', the first that there is counts. Throws ScopsError
 * SOURCE_UNREADABLE when there is nothing of that name.
 */
export function databasePaths(name: string, formats: readonly string[]): string[] {
  const about = statSync(name, { throwIfNoEntry: false });
  if (about?.isDirectory()) return databasesIn(name, readdirSync(name), `The folder "${name}"`, formats);
  if (about !== undefined) return [name];
  if (name.includes(',')) return name.split(',').flatMap((each) => databasePaths(each.trim(), formats));
  if (!isPackage(name) || isDatabase(name)) return [name];
  const folder = packageFolder(name);
  if (folder === undefined) {
    throw new ScopsError(
      'SOURCE_UNREADABLE',
      `"${name}" is neither a file nor an installed npm package. Give the path of a database, or run: npm install ${name}`,
    );
  }
  const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => !/node_modules/.test(file),
  );
  return databasesIn(folder, inside, `The npm package "${name}" in ${folder}`, formats);
}

const packageFolder = (name: string): string | undefined =>
  [resolve('here'), import.meta.url]
    .flatMap((from) => createRequire(from).resolve.paths(`${name}/package.json`) ?? [])
    .map((modules) => join(modules, name))
    .find((each) => existsSync(join(each, 'package.json')));

function databasesIn(folder: string, all: readonly string[], called: string, formats: readonly string[]): string[] {
  for (const format of formats) {
    const files = all.filter((file) => file.endsWith(`.${format}`) || file.endsWith(`.${format}.gz`)).sort();
    const names = new Set(files);
    const kept = files.filter((file) => wholes(file).every((whole) => !names.has(whole)));
    if (kept.length > 0) return kept.map((file) => join(folder, file));
  }
  const wanted = formats.map((format) => `no .${format}`).join(' and ');
  throw new ScopsError('SOURCE_UNREADABLE', `${called} holds ${wanted} file.`);
}

/** What would hold the same as a file: `x` the same as `x.gz`, and, as ip-location-db names them, as `x-num`, `x-ipv4` and `x-ipv6`. */
const wholes = (file: string): string[] =>
  [file.replace(/\.gz$/, ''), file.replace(/-num\./, '.'), file.replace(/-ipv[46](?:-num)?\./, '.')].filter(
    (whole) => whole !== file,
  );
