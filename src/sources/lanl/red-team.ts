import { type Context, ScopsError } from '../../event/index.ts';
import { readFiles } from '../../io/files.ts';
import { listFiles } from '../../io/list.ts';

/** More than any such list has; each takes about 100 bytes. */
const maxLogins = 1_000_000;

/** What a red team's line and the authentication that it names have in common. */
export const redTeamKey = (seconds: string, user: string, from: string, to: string): string =>
  `${Number(seconds)},${user},${from},${to}`;

/**
 * Add to `labels` the key of each login in a redteam.txt, plain or compressed: time, user@domain, source and destination
 * computer. Throws ScopsError SOURCE_UNREADABLE when it cannot be read, or is no such file.
 */
export async function readRedTeam(path: string, context: Context, labels: Set<string>): Promise<void> {
  const files = await listFiles([path], { takes: () => true, onSkip: () => undefined });
  const quiet = { ...context, progress: () => undefined };
  for await (const { lines } of readFiles(files, { maxLineBytes: 4096, context: quiet })) {
    for (const line of lines) {
      const [at = '', user = '', from = '', to = '', ...more] = line.text.split(',', 5);
      const heading = line.number === 1 && at === 'time';
      if (heading) continue;
      if (line.fault !== undefined || !/^\d{1,12}$/.test(at) || to === '' || more.length > 0) {
        const why = line.fault ?? 'not "time,user@domain,source computer,destination computer"';
        throw new ScopsError('SOURCE_UNREADABLE', `Cannot read "${path}": line ${line.number} is ${why}.`);
      }
      if (labels.size === maxLogins) {
        throw new ScopsError('SOURCE_UNREADABLE', `Cannot read "${path}": more than ${maxLogins} logins.`);
      }
      labels.add(redTeamKey(at, user, from, to));
    }
  }
}
