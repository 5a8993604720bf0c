import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { type Event, isCovering, isResumable, ScopsError, type Source } from '../../src/event/index.ts';
import { journald } from '../../src/sources/journald.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { JournalServer } from '../support/journal-server.ts';
import { mustRun, unlessPrograms } from '../support/programs.ts';
import { runScops } from '../support/scops.ts';
import { type Key, makeKey, SshServer, ssh } from '../support/sshd-server.ts';
import { isLogFree, logSocket } from '../support/syslog-server.ts';

const packages = {
  ...{ 'systemd-journald': 'systemd', journalctl: 'systemd', sshd: 'openssh-server', ssh: 'openssh-client' },
  'systemd-journal-remote': 'systemd-journal-remote',
  ...{ setpriv: 'util-linux', logger: 'bsdutils' },
};
const skip = unlessPrograms(packages, true) || (!process.env.CI && !isLogFree() && 'somebody listens on /dev/log');

/** A file's text, or none where there is no such file. */
const readable = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Nobody, in nobody's group. */
const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--'];

describe('logins in a real journal', { skip, timeout: 120_000 }, () => {
  let folder: string;
  let journal: JournalServer;
  let keys: { host: Key; good: Key };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scops-journal-'));
    chmodSync(folder, 0o755);
    keys = { host: await makeKey(folder, 'host', 'ed25519'), good: await makeKey(folder, 'good', 'ed25519') };
    writeFileSync(join(folder, 'authorized_keys'), keys.good.text);
    journal = await JournalServer.start('scops-e2e');
  });
  after(async () => {
    await journal?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Real time, but no real waits. */
  const clocked = (): TestContext => testContext({ now: () => Date.now(), sleep: async () => undefined });

  function open(options: Record<string, unknown>, context: TestContext = clocked()) {
    const source = journald.create(v.parse(journald.options, options), context);
    assert.ok(isResumable(source) && isCovering(source));
    return source;
  }
  const live = (more: Record<string, unknown> = {}) => ({ follow: true, directory: journal.directory, ...more });

  /** Logins, until there are so many. */
  async function take(source: Source, count: number): Promise<Event[]> {
    const stop = AbortSignal.timeout(15_000);
    const events: Event[] = [];
    for await (const event of source.events(stop)) {
      if (event.kind === 'login' && event.fields['event.action'] === 'ssh') events.push(event);
      if (events.length >= count) return events;
    }
    return events;
  }

  const say = (text: string | Uint8Array, program = 'sshd', as: readonly string[] = []): Promise<string> => {
    const [command = '', ...args] = [...(as.length > 0 ? ['setpriv', ...as] : []), 'logger'];
    return mustRun(command, [...args, '--socket', logSocket, '--tag', program], { input: text });
  };
  const accepted = (user: string): string => `Accepted password for ${user} from 192.0.2.7 port 5000 ssh2\n`;
  const users = (events: readonly Event[]) => events.map(({ fields }) => fields['user.name']);
  const several = (from: number, to: number, name: string) =>
    Array.from({ length: to - from }, (_, index) => `${name}${from + index}`);

  test('what a real sshd sends there, live and from a file; and what others send in its name', async () => {
    const told: string[] = [];
    {
      await using server = await SshServer.start(folder, {
        HostKey: keys.host.path,
        UsePAM: 'no',
        LogLevel: 'VERBOSE',
      });
      const good = await ssh(folder, server.port, { ip: '127.0.1.1', user: 'root', keys: [keys.good] });
      assert.equal(good.code, 0, good.err);
      told.push(`success root 127.0.1.1 ${good.port} ${keys.good.fingerprint}`);
      const name = 'root from 203.0.113.9 port 22 ssh2';
      const options = ['PreferredAuthentications=password', 'NumberOfPasswordPrompts=1'];
      const bad = await ssh(folder, server.port, { ip: '::1', user: name, password: 'x', options });
      told.push(...Array(2).fill(`failure ${name} ::1 ${bad.port} undefined`));
    }
    await say(accepted('eve'), 'sshd', nobody);
    await say(
      Buffer.from([...Buffer.from('Invalid user z\u001b'), 0xff, 0xfe, ...Buffer.from(' from 127.0.1.3 port 7')]),
    );
    told.push('failure z\u001b\ufffd\ufffd 127.0.1.3 7 undefined');
    const tell = ({ fields: each }: Event): string =>
      `${each['event.outcome']} ${each['user.name']} ${each['source.ip']} ${each['source.port']} ${each['login.key.fingerprint']}`;

    const context = clocked();
    const source = open(live(), context);
    assert.deepEqual((await take(source, told.length)).map(tell), told);
    const forged = 'claims to be sshd, but user 65534 wrote it';
    assert.deepEqual(
      context.rejects.map(({ reason }) => reason),
      [forged],
    );
    assert.deepEqual(context.logged, []);

    const path = join(folder, 'journal.json');
    writeFileSync(path, await journal.read());
    assert.match(readFileSync(path, 'utf8'), /"MESSAGE":\[73,/, 'bytes');
    const file = open({ paths: path });
    assert.deepEqual((await take(file, Number.POSITIVE_INFINITY)).map(tell), told);
    const { records, understood, unknown } = file.coverage();
    assert.deepEqual([unknown.map(({ count }) => count), records - understood], [[1], 1], 'all but the forged one');

    const { code, err } = await runScops(folder, ['logins', path]);
    assert.equal(code, 0, err);
    assert.match(err, new RegExp(`${understood} of ${records} journald records understood`));
  });

  /** A journalctl that is run otherwise than by its name. */
  function command(name: string, shell: string): string {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${shell}\n`, { mode: 0o755 });
    return path;
  }

  test('through deaths of journalctl and of the reader, nothing is lost or doubled', async () => {
    const lives = join(folder, 'lives');
    // Each life prints four lines more than the one before it.
    const noted = `sh -c 'echo $$ >> ${lives}; exec journalctl "$@"' sh "$@"`;
    const longer = `touch ${lives}; lines=$((4 + 4 * $(wc -l < ${lives}))); ${noted} | head -n $lines`;
    const options = live({ command: command('mortal', longer), matches: ['SYSLOG_IDENTIFIER=sshd-session'] });
    const all = several(0, 80, 'live');
    let done = false;
    const write = async (): Promise<void> => {
      for (let at = 0; at < all.length; at += 5) {
        await say(
          all
            .slice(at, at + 5)
            .map(accepted)
            .join(''),
          'sshd-session',
        );
      }
      // A pipe that nobody reads kills its writer only when it writes again.
      for (; !done; await wait(20)) await say('Server listening on :: port 22.', 'sshd-session');
    };
    const writing = write();
    const seen: unknown[] = [];
    let checkpoint = '';
    try {
      for (const end of [10, 11, 30, all.length]) {
        const source = open(options);
        source.resume(checkpoint);
        for await (const event of source.events(AbortSignal.timeout(15_000))) {
          if (event.kind === 'login') seen.push(event.fields['user.name']);
          if (seen.length >= end) break;
        }
        checkpoint = source.checkpoint();
        // An event is done when the next one is asked for: this one will come again.
        if (end < all.length) seen.pop();
      }
    } finally {
      done = true;
      await writing;
    }
    assert.deepEqual(seen, all);
    const ids = readFileSync(lives, 'utf8').split('\n').filter(Boolean);
    assert.ok(ids.length >= 6, 'journalctl died several times');
    for (const id of ids) {
      // The shell that the reader killed leaves the last of them behind.
      if (readable(`/proc/${id}/cmdline`).includes(journal.directory)) process.kill(Number(id));
    }
  });

  /** Entries in the export format, a second apart. https://systemd.io/JOURNAL_EXPORT_FORMATS/ */
  const exported = (names: readonly string[], from: number, boot: string): string =>
    names
      .map((name, index) => {
        const at = from + index;
        const where = [`_BOOT_ID=${boot.repeat(32)}`, `_MACHINE_ID=${boot.repeat(32)}`, `_HOSTNAME=web${boot}`];
        const who = ['SYSLOG_IDENTIFIER=sshd', '_COMM=sshd', '_UID=0', `MESSAGE=${accepted(name).trimEnd()}`];
        const when = [`__REALTIME_TIMESTAMP=${1_767_312_000_000_000 + at * 1e6}`, `__MONOTONIC_TIMESTAMP=${at}000`];
        return `${[...when, ...where, ...who].join('\n')}\n\n`;
      })
      .join('');
  const store = (path: string, entries: string): Promise<string> =>
    mustRun('systemd-journal-remote', [`--output=${path}`, '-'], { input: entries });

  test('a journal that goes on after a reboot is read on where it was left, before the reboot', async () => {
    const files = join(folder, 'boots');
    mkdirSync(files);
    const path = join(files, 'system.journal');
    await store(path, exported(several(0, 3, 'a'), 0, '1'));
    const here = { follow: true, command: command('here', `exec journalctl --directory=${files} "$@"`) };
    const first = open(here);
    assert.deepEqual(users(await take(first, 2)), ['a0', 'a1']);
    await store(path, exported(several(0, 2, 'b'), 100, '2'));
    const second = open(here);
    second.resume(first.checkpoint());
    const missed = ['a1', 'a2', 'b0', 'b1'];
    assert.deepEqual(users(await take(second, missed.length)), missed);
  });

  test("other computers' journals in a folder, as they grow", async () => {
    const files = join(folder, 'remote');
    mkdirSync(files);
    await store(join(files, 'remote-1.journal'), exported(several(0, 2, 'a'), 0, '1'));
    await store(join(files, 'remote-2.journal'), exported(several(0, 2, 'b'), 10, '2'));
    const seen: Event[] = [];
    for await (const event of open(live({ directory: files })).events(AbortSignal.timeout(15_000))) {
      seen.push(event);
      if (seen.length === 4) {
        await store(join(files, 'remote-1.journal'), exported(['a2'], 20, '1'));
        await store(join(files, 'remote-3.journal'), exported(['c0'], 30, '3'));
      }
      if (seen.length === 6) break;
    }
    assert.deepEqual(users(seen), ['a0', 'a1', 'b0', 'b1', 'a2', 'c0']);
    assert.deepEqual([...new Set(seen.map(({ fields }) => fields['host.name']))], ['web1', 'web2', 'web3']);
  });

  test('who may not read the journal is told so, and does not wait for ever', async () => {
    const unprivileged = command('unprivileged', `exec setpriv ${nobody.join(' ')} journalctl "$@"`);
    await assert.rejects(
      take(open(live({ command: unprivileged })), 1),
      (error) =>
        error instanceof ScopsError &&
        error.code === 'SOURCE_UNREADABLE' &&
        error.message.includes('No journal files were opened due to insufficient permissions'),
    );
  });
});
