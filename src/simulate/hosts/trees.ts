import type { Random } from '../../algorithms/random.ts';
import { randomText } from './plan.ts';

const things =
  'account address basket billing booking campaign carrier catalog category checkout claim consent contact coupon currency customer delivery discount document export feed filter gateway gift import inventory invoice journal language ledger listing locale mailer media order package parcel partner payment payout pickup price product profile promotion quote rating receipt refund region report return review reward role schedule search shipment stock store subscription supplier tariff tax ticket tracking voucher warehouse widget wishlist'.split(
    ' ',
  );
const acts =
  'create edit list show import export approve cancel archive merge split sync notify print send audit'.split(' ');
const parts = 'Controller Repository Service Factory Listener Command Handler Normalizer Validator Mapper'.split(' ');
const libraries =
  'amber-http basalt-orm birch-log cedar-mail cobalt-cache copper-queue dune-router elm-forms fjord-i18n flint-auth garnet-yaml heron-pdf ivory-csv jasper-money larch-date maple-images nettle-xml onyx-crypto pebble-metrics quartz-jobs reed-markdown slate-events tern-validate umber-test willow-assets'.split(
    ' ',
  );

const capital = (word: string): string => (word[0] ?? '').toUpperCase() + word.slice(1);

export type Kind = 'php' | 'python' | 'node';

/** The files of one library, as its language lays them out. */
function libraryFiles(kind: Kind, library: string, version: string, random: Random, count: number): string[] {
  const [family = library, topic = 'core'] = library.split('-');
  return Array.from({ length: count }, (_, index) => {
    const thing = random.pick(things);
    if (kind === 'php')
      return `vendor/${family}/${topic}/src/${capital(thing)}/${capital(random.pick(acts))}${random.pick(parts)}.php`;
    if (kind === 'python') {
      const home = `venv/lib/python3.11/site-packages/${family}_${topic}`;
      return index < 3
        ? `${home}-${version}.dist-info/${['METADATA', 'RECORD', 'WHEEL'][index]}`
        : `${home}/${thing}_${random.pick(acts)}.py`;
    }
    const home = `node_modules/@${family}/${topic}`;
    return index === 0
      ? `${home}/package.json`
      : `${home}/dist/${thing}/${random.pick(acts)}.${random.pick(['js', 'd.ts', 'mjs'])}`;
  });
}

const version = (random: Random): string => `${1 + random.integer(8)}.${random.integer(20)}.${random.integer(9)}`;

function moduleFiles(kind: Kind, random: Random): string[] {
  const thing = random.pick(things);
  const act = random.pick(acts);
  if (kind === 'php') {
    return [
      `src/${capital(thing)}/${capital(act)}${capital(thing)}${random.pick(parts)}.php`,
      `templates/${thing}/${act}.html.twig`,
    ];
  }
  if (kind === 'python') return [`app/${thing}/${act}_${thing}.py`, `app/${thing}/schemas/${act}.json`];
  return [`src/${thing}/${act}-${thing}.js`, `views/${thing}/${act}.ejs`];
}

/** An application's source tree, which grows with every release as features and libraries come in. */
export class SourceTree {
  readonly #kind: Kind;
  readonly #random: Random;
  #files: Set<string>;

  constructor(kind: Kind, random: Random, size: number) {
    this.#kind = kind;
    this.#random = random;
    const top = {
      php: ['composer.json', 'composer.lock', 'public/index.php', 'config/services.yaml'],
      python: ['pyproject.toml', 'requirements.txt', 'wsgi.py'],
      node: ['package.json', 'package-lock.json', 'server.js'],
    };
    this.#files = new Set(top[kind]);
    while (this.#files.size < size * 0.4) this.#add(moduleFiles(kind, random));
    while (this.#files.size < size) this.#add(libraryFiles(kind, random.pick(libraries), version(random), random, 9));
  }

  #add(paths: readonly string[]): void {
    for (const path of paths) this.#files.add(path);
  }

  /** The next release's files: the old ones, one or two new modules, now and then a new library, and hashed assets. */
  release(): string[] {
    const random = this.#random;
    for (let left = 1 + random.integer(2); left > 0; left--) this.#add(moduleFiles(this.#kind, random));
    if (random.next() < 0.25) {
      this.#add(libraryFiles(this.#kind, random.pick(libraries), version(random), random, 6));
    }
    const assets = this.#kind === 'python' ? 2 : 7;
    const hashed = Array.from({ length: assets }, (_, index) => {
      const suffix = ['js', 'css', 'js.map'][index % 3];
      return `public/assets/${things[index * 5]}-${randomText(random, 8)}.${suffix}`;
    });
    return [...this.#files, ...hashed];
  }
}
