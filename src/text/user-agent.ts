/** What sent a request, as it says itself; nothing of it can be relied on. '' and -1 for what is not said. */
export interface Client {
  /** A browser (`Chrome`, `Firefox`), or a program's own name (`curl`, `python-requests`). */
  readonly program: string;
  /** The first number of the program's version. */
  readonly major: number;
  readonly system: string;
  readonly device: Device;
}

/** A `script` is a program that is no browser and runs on no phone. */
type Device = 'desktop' | 'phone' | 'tablet' | 'television' | 'script' | '';

const longest = 512;
const longestName = 48;

/** Product names by program: a browser tells the names of those it descends from too, so the first found counts. */
const browsers: readonly (readonly [product: string, program: string])[] = [
  ['windowspowershell', 'PowerShell'],
  ['powershell', 'PowerShell'],
  ['headlesschrome', 'HeadlessChrome'],
  ['phantomjs', 'PhantomJS'],
  ['electron', 'Electron'],
  ['edg', 'Edge'],
  ['edga', 'Edge'],
  ['edgios', 'Edge'],
  ['edge', 'Edge'],
  ['opr', 'Opera'],
  ['opt', 'Opera'],
  ['opios', 'Opera'],
  ['vivaldi', 'Vivaldi'],
  ['samsungbrowser', 'Samsung Internet'],
  ['miuibrowser', 'MIUI Browser'],
  ['ucbrowser', 'UC Browser'],
  ['yabrowser', 'Yandex'],
  ['duckduckgo', 'DuckDuckGo'],
  ['ddg', 'DuckDuckGo'],
  ['fxios', 'Firefox'],
  ['focus', 'Firefox'],
  ['firefox', 'Firefox'],
  ['crios', 'Chrome'],
  ['chromium', 'Chrome'],
  ['chrome', 'Chrome'],
  ['safari', 'Safari'],
  ['trident', 'Internet Explorer'],
  ['msie', 'Internet Explorer'],
  ['opera', 'Opera'],
  ['applewebkit', 'WebView'],
];

/** Of these products, another tells the version. */
const versionOf: ReadonlyMap<string, string> = new Map([
  ['safari', 'version'],
  ['trident', 'rv'],
]);

/** Those that look like a browser and are none. */
const scripts: ReadonlySet<string> = new Set(['PowerShell', 'HeadlessChrome', 'PhantomJS']);

const systems: readonly (readonly [mark: string, system: string])[] = [
  ['windows phone', 'Windows Phone'],
  ['iphone', 'iOS'],
  ['ipad', 'iOS'],
  ['ipod', 'iOS'],
  ['android', 'Android'],
  ['tizen', 'Tizen'],
  ['web0s', 'webOS'],
  ['cros ', 'ChromeOS'],
  ['windows', 'Windows'],
  ['win32', 'Windows'],
  ['macintosh', 'macOS'],
  ['mac os x', 'macOS'],
  ['macos', 'macOS'],
  ['darwin', 'macOS'],
  ['linux', 'Linux'],
  ['x11', 'Linux'],
  ['bsd', 'BSD'],
];

const phones: ReadonlySet<string> = new Set(['iOS', 'Android', 'Windows Phone']);

/**
 * The client that a `User-Agent` names; undefined for an empty one. Reads the first 512 characters, in linear time, and
 * throws for no input. RFC 9110, section 10.1.5.
 */
export function parseUserAgent(original: string): Client | undefined {
  const text = original.slice(0, longest).trim();
  if (text === '') return undefined;
  const lower = text.toLowerCase();
  const system = systems.find(([mark]) => lower.includes(mark))?.[1] ?? '';
  const products = /^(?:mozilla|opera\/)/.test(lower) ? productsOf(lower) : undefined;
  const browser = products === undefined ? undefined : browserOf(products);
  const { program, major } = browser ?? (products === undefined ? firstProduct(text) : robotOf(products));
  const isScript = browser === undefined ? !phones.has(system) : scripts.has(program);
  return { program, major, system, device: isScript ? 'script' : deviceOf(lower, system) };
}

type Named = Pick<Client, 'program' | 'major'>;

/** The version of each product, `chrome/120.0.1` or `msie 9.0`. */
function productsOf(lower: string): ReadonlyMap<string, number> {
  const products = new Map<string, number>();
  for (const word of lower.split(/[\s();,]+/)) {
    const slash = word.search(/[/:]/);
    const name = slash < 0 ? word : word.slice(0, slash);
    if (name !== '' && !products.has(name)) products.set(name, slash < 0 ? -1 : majorOf(word.slice(slash + 1)));
  }
  return products;
}

function browserOf(products: ReadonlyMap<string, number>): Named | undefined {
  const found = browsers.find(([product]) => products.has(product));
  if (found === undefined) return undefined;
  const [product, program] = found;
  return { program, major: products.get(versionOf.get(product) ?? product) ?? -1 };
}

/** `Mozilla/5.0 (compatible; Somebot/2.1; …)`: after those words, the first with a version. */
function robotOf(products: ReadonlyMap<string, number>): Named {
  for (const [name, major] of products)
    if (name !== 'mozilla' && major >= 0) return { program: name.slice(0, longestName), major };
  return { program: 'Mozilla', major: -1 };
}

/** `curl/8.5.0`, `python-requests/2.31.0`, `okhttp/4.9`: the first product names the program. */
function firstProduct(text: string): Named {
  const [word = ''] = text.slice(0, 2 * longestName).split(/[\s();,]/, 1);
  const [name = '', version = ''] = word.split('/', 2);
  return { program: name.slice(0, longestName) || 'unnamed', major: majorOf(version) };
}

function majorOf(version: string): number {
  const digits = /^v?(\d{1,5})(?!\d)/.exec(version)?.[1];
  return digits === undefined ? -1 : Number(digits);
}

function deviceOf(lower: string, system: string): Device {
  if (system === 'Tizen' || system === 'webOS' || lower.includes('smart-tv')) return 'television';
  if (lower.includes('ipad') || lower.includes('tablet')) return 'tablet';
  if (system === 'Android') return lower.includes('mobile') || lower.includes('dalvik') ? 'phone' : 'tablet';
  if (phones.has(system)) return 'phone';
  return system === '' ? '' : 'desktop';
}

/** `Chrome on Windows`, `the program curl`. */
export function clientText({ program, system, device }: Client): string {
  if (device === 'script') return `the program ${program}`;
  const on = system === '' ? program : `${program} on ${system}`;
  return device === 'tablet' ? `${on} (tablet)` : on;
}
