import * as v from 'valibot';

const whole = (least: number, most: number, description: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most), v.description(description));

/** The address of a service, which stands in messages and checkpoints and so has no secret in it. */
export const address = (example: string, description: string) =>
  v.pipe(
    v.string(),
    v.check(isAddress, `The address is a URL of http or https without a user or password, such as ${example}`),
    v.description(description),
  );

function isAddress(text: string): boolean {
  const { protocol, username, password } = URL.parse(text) ?? { protocol: '', username: '', password: '' };
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

/** The options that every source of objects of S3 has. */
export const objectOptions = {
  region: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z0-9-]{1,32}$/, 'A region is such as eu-west-1'),
      v.description("AWS' region; without it, what AWS_REGION or the account's own settings say."),
    ),
  ),
  endpoint: v.optional(
    address('http://127.0.0.1:9000', "The address of another store that speaks S3, instead of AWS'."),
  ),
  forcePathStyle: v.optional(
    v.pipe(
      v.boolean(),
      v.description('Put the bucket into the path, not into the host name, as other stores want it.'),
    ),
    false,
  ),
  samples: v.optional(
    v.pipe(v.boolean(), v.description('Read the sample findings too that GuardDuty makes up on request.')),
    false,
  ),
  concurrency: v.optional(whole(1, 64, 'How many objects are fetched ahead, each held with at most 8 MiB.'), 8),
  maxObjectBytes: v.optional(
    whole(
      1,
      Number.MAX_SAFE_INTEGER,
      'Of an object, decompressed, no more is read: what small files can grow to is bounded.',
    ),
    2 ** 30,
  ),
  maxRecordBytes: v.optional(whole(1, 268_435_456, 'Longer records are rejected, not read.'), 2 ** 20),
  retries: v.optional(whole(0, 20, 'How often a failed request is sent again, after growing pauses.'), 5),
};

const numbers = ['concurrency', 'maxObjectBytes', 'maxRecordBytes', 'retries'];
const switches = ['forcePathStyle', 'samples', 'live'];

/** The query of a target, such as `region=eu-west-1&concurrency=4`; `seconds` are the source's own options with numbers. */
export function queryOptions(query: string, seconds: readonly string[]): Record<string, unknown> {
  const read = (name: string, value: string): unknown => {
    if ([...numbers, ...seconds].includes(name) && /^\d{1,15}$/.test(value)) return Number(value);
    if (switches.includes(name)) return value === 'true' ? true : value === 'false' ? false : value;
    return value;
  };
  return Object.fromEntries([...new URLSearchParams(query)].map(([name, value]) => [name, read(name, value)]));
}

/** A list of options, or their text with commas between. */
export const listOf = (format: RegExp, message: string, description: string) =>
  v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((value) =>
      (typeof value === 'string' ? value.split(',') : value).map((item) => item.trim()).filter((item) => item !== ''),
    ),
    v.check((items) => items.every((item) => format.test(item)), message),
    v.description(description),
  );
