import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { ScopsError } from '../../src/event/index.ts';
import { databasePaths } from '../../src/io/database-paths.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-paths-'));
after(() => rm(root, { recursive: true, force: true }));

let folders = 0;
async function folderOf(...names: string[]): Promise<string> {
  const folder = join(root, String(folders++));
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), '');
  }
  return folder;
}

const named = (folder: string, ...formats: string[]): string[] =>
  databasePaths(folder, formats).map((path) => basename(path));

test('a folder stands for the databases in it, but not for those below', async () => {
  const folder = await folderOf('GeoLite2-City.mmdb', 'GeoLite2-ASN.mmdb', 'README.txt', 'old/GeoLite2-City.mmdb');
  assert.deepEqual(named(folder, 'mmdb'), ['GeoLite2-ASN.mmdb', 'GeoLite2-City.mmdb']);
});

test('of what holds the same, one is taken', async () => {
  const country = await folderOf('country-ipv4.mmdb', 'country-ipv6.mmdb', 'country.mmdb', 'country.mmdb.gz');
  assert.deepEqual(named(country, 'mmdb'), ['country.mmdb']);
  const city = await folderOf('city-ipv4.mmdb', 'city-ipv6.mmdb.gz');
  assert.deepEqual(named(city, 'mmdb'), ['city-ipv4.mmdb', 'city-ipv6.mmdb.gz']);
  const asn = await folderOf('asn-ipv4-num.csv', 'asn-ipv4.csv', 'asn-ipv6-num.csv', 'asn-ipv6.csv');
  assert.deepEqual(named(asn, 'mmdb', 'csv'), ['asn-ipv4.csv', 'asn-ipv6.csv']);
});

test('the preferred format alone, and no other than was asked for', async () => {
  const both = await folderOf('asn.csv', 'asn.mmdb');
  assert.deepEqual(named(both, 'mmdb', 'csv'), ['asn.mmdb']);
  const folder = await folderOf('countries.csv');
  assert.throws(
    () => databasePaths(folder, ['mmdb']),
    (error) => error instanceof ScopsError && error.message === `The folder "${folder}" holds no .mmdb file.`,
  );
});

test('several names with commas between; a file whose own name has one is itself', async () => {
  const folder = await folderOf('v4.mmdb', 'v6.mmdb', 'a,b.mmdb');
  const [v4, v6, comma] = ['v4.mmdb', 'v6.mmdb', 'a,b.mmdb'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  assert.deepEqual(databasePaths(`${v4}, ${v6}`, ['mmdb']), [v4, v6]);
  assert.deepEqual(databasePaths(comma, ['mmdb']), [comma]);
});
