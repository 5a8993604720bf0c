import * as v from 'valibot';
import { type Context, defineSource } from '../event/index.ts';
import { lineOptions } from '../io/line-options.ts';
import { LineSource } from '../io/line-source.ts';
import { liveLast, oldestFirst, rotationOf } from '../io/rotated.ts';
import { SshdReader } from './sshd/reader.ts';

const options = v.strictObject({
  ...lineOptions(
    "Files such as auth.log and secure, plain or compressed, or folders of them; '-' is standard input. Of a folder, auth.log, authlog, secure, sshd and dropbear logs are read, with their rotated parts. Whatever the order, the oldest is read first.",
  ),
  utcOffset: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[+-](?:0\d|1[0-4]):[0-5]\d$/, 'Not an offset such as +02:00'),
      v.description('The zone of lines whose time has none, as hours and minutes ahead of UTC, such as -05:00.'),
    ),
    '+00:00',
  ),
});

/**
 * What sshd, Dropbear, sudo, su, systemd-logind and PAM write through syslog.
 * https://man.openbsd.org/sshd_config#SyslogFacility
 */
export const sshd = defineSource({
  name: 'sshd',
  summary:
    'Logins from auth.log and secure: sshd, Dropbear, sudo, su, systemd-logind and PAM, through rotations, or a file that grows.',
  options,
  examples: [
    'scops logins /var/log/auth.log*',
    'scops score --source sshd:/var/log/secure --follow',
    'zcat secure-20161010.gz | scops score --source sshd:-',
  ],
  target: (target) => ({ paths: target }),
  create: (given, context: Context) => {
    const paths = given.follow ? liveLast(given.paths) : given.paths;
    const live = given.follow ? paths.at(-1) : undefined;
    return new LineSource({
      name: 'sshd',
      options: { ...given, paths },
      context,
      takes,
      order: oldestFirst,
      reader: new SshdReader({
        now: () => context.now(),
        offset: minutes(given.utcOffset),
        live,
      }),
    });
  },
});

/** Also with a host before it, as in `web1-auth.log`. */
const login = /^(?:[\w.-]+[-_.])?(?:auth|authlog|secure|sshd?|dropbear)(?:\.log)?$/;

const takes = (name: string): boolean => login.test(rotationOf(name).stem);

function minutes(offset: string): number {
  const size = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return offset.startsWith('-') ? -size : size;
}
