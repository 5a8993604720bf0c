/** What an object of a log bucket holds, as its key tells. */
export type ObjectKind = 'cloudtrail' | 'digest' | 'insight' | 'guardduty' | 'config' | 'other';

export interface ObjectKey {
  readonly kind: ObjectKind;
  readonly account?: string;
  readonly region?: string;
  /** UTC, as YYYY-MM-DD. Absent when the key has no such folder. */
  readonly day?: string;
  /** The key up to and with the region's folder, below which there is one folder a day. */
  readonly stream?: string;
}

const folders: ReadonlyMap<string, ObjectKind> = new Map([
  ['CloudTrail', 'cloudtrail'],
  ['CloudTrail-Digest', 'digest'],
  ['CloudTrail-Insight', 'insight'],
  ['GuardDuty', 'guardduty'],
  ['Config', 'config'],
]);

/** S3's own limit, in bytes; a key of more characters is none. */
const longestKey = 1024;
const root = 'AWSLogs';
const other: ObjectKey = { kind: 'other' };

/**
 * What AWS wrote under a key: `[prefix/]AWSLogs/[o-ORGANISATION/]ACCOUNT/SERVICE/REGION/YYYY/MM/DD/NAME`. A key of
 * another layout is told by its name, such as `…_CloudTrail_…json.gz`, and so without account, region and day; what
 * is no JSON by its name, such as a folder's own empty object, is `other`. Pure, linear time.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 * https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
 */
export function objectKey(key: string): ObjectKey {
  if (key.length > longestKey) return other;
  const parts = key.split('/');
  const name = parts.at(-1) as string;
  for (let at = parts.indexOf(root); at >= 0; at = parts.indexOf(root, at + 1)) {
    const found = laidOut(parts, at + 1);
    if (found !== undefined) return isJson(name) ? found : { ...found, kind: 'other' };
  }
  return isJson(name) ? byName(name) : other;
}

function laidOut(parts: readonly string[], from: number): ObjectKey | undefined {
  const at = parts[from]?.startsWith('o-') ? from + 1 : from;
  const [account = '', service = '', region = '', year, month, day] = parts.slice(at, at + 6);
  const kind = folders.get(service);
  if (kind === undefined || !isAccount(account) || !isRegion(region)) return undefined;
  const stream = `${parts.slice(0, at + 3).join('/')}/`;
  const date = parts.length > at + 6 ? dayOf(year, month, day) : undefined;
  return { kind, account, region, stream, ...(date === undefined ? {} : { day: date }) };
}

/** All that AWS puts into these folders is JSON, and says so in its name. */
const isJson = (name: string): boolean => /\.jsonl?(?:\.gz)?$/.test(name);

const isAccount = (text: string): boolean => /^\d{12}$/.test(text);

export const isRegion = (text: string): boolean =>
  text.length <= 32 && /^[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(text);

/** Of Config's folders the months and days have one digit where that is enough. */
function dayOf(year = '', month = '', day = ''): string | undefined {
  if (!/^\d{4}$/.test(year) || !/^\d{1,2}$/.test(month) || !/^\d{1,2}$/.test(day)) return undefined;
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : text;
}

function byName(name: string): ObjectKey {
  const service = /^\d{12}_([A-Za-z-]{1,32})_/.exec(name)?.[1];
  return { kind: folders.get(service ?? '') ?? 'other' };
}
