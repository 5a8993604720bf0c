import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import { type Event, isCovering } from '../../src/event/index.ts';
import { sshd } from '../../src/sources/sshd.ts';
import { testContext } from '../support/context.ts';
import { accepts, closed, connectFrom, Daemon, freePort, mustRun, run, unlessPrograms } from '../support/programs.ts';
import { runScops } from '../support/scops.ts';
import { type Attempt, certify, dbclient, type Key, makeKey, SshServer, ssh } from '../support/sshd-server.ts';
import { formats, isLogFree, SyslogServer } from '../support/syslog-server.ts';
import { ThrowawayUser } from '../support/throwaway-user.ts';

const packages = {
  ...{ sshd: 'openssh-server', ssh: 'openssh-client', dropbear: 'dropbear-bin', dbclient: 'dropbear-bin' },
  ...{ rsyslogd: 'rsyslog', sudo: 'sudo', setpriv: 'util-linux', script: 'bsdutils' },
};
const skip = unlessPrograms(packages, true) || (!process.env.CI && !isLogFree() && 'somebody listens on /dev/log');

/** Looks like the end of one of sshd's lines. */
const forged = 'root from 203.0.113.9 port 22 ssh2';

/** What is told of a name: what looks like a domain's account stays as sshd wrote it. */
const logged = (name: string): string => (name === 'tab\there' ? 'tab\\there' : name.slice(0, 100));

/** What became of a connection: the client's address and port, and all that is told of logins through it. */
type Told = Record<string, string[]>;

/** Who made it, how, and how it ended. */
function tell({ fields }: Event): string {
  const { 'event.outcome': outcome, 'event.reason': reason, 'user.name': user } = fields;
  const how = fields['login.method'] ?? reason;
  const key = fields['login.key.fingerprint'] ?? '';
  return `${outcome} ${user} ${how} ${key}${fields['login.certificate.id'] ?? ''}`.trim();
}

function toldOf(events: readonly Event[]): Told {
  const told: Told = {};
  for (const event of events) {
    const { 'source.ip': ip, 'source.port': port } = event.fields;
    if (event.fields['event.action'] !== 'ssh' || event.fields['event.provider'] === 'pam') continue;
    const client = `${ip} ${port}`;
    told[client] = [...(told[client] ?? []), tell(event)];
  }
  return told;
}

/** Does all of it, twelve at a time. */
async function each(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = [...steps];
  const worker = async (): Promise<void> => {
    for (let step = left.shift(); step !== undefined; step = left.shift()) await step();
  };
  await Promise.all(Array.from({ length: 12 }, worker));
}

describe('logins at real servers, through a real syslog', { skip, timeout: 120_000 }, () => {
  let folder: string;
  let log: SyslogServer;
  let user: ThrowawayUser;
  let keys: Record<'host' | 'ed25519' | 'rsa' | 'ecdsa' | 'wrong' | 'authority' | 'certified', Key>;
  /** How many lines of each format were read before. */
  const seen = new Map<string, number>();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scops-sshd-'));
    mkdirSync(join(folder, 'log'));
    const types = { host: 'ed25519', ed25519: 'ed25519', rsa: 'rsa', ecdsa: 'ecdsa' };
    const all = { ...types, wrong: 'ed25519', authority: 'ed25519', certified: 'ecdsa' };
    const made = Object.entries(all).map(async ([name, type]) => [name, await makeKey(folder, name, type)]);
    keys = Object.fromEntries(await Promise.all(made));
    await certify(keys.certified, keys.authority, 'root', `${forged}: (serial 7) x`, 42);
    const authorized = keys.ed25519.text + keys.rsa.text + keys.ecdsa.text;
    writeFileSync(join(folder, 'authorized_keys'), authorized);
    log = await SyslogServer.start(join(folder, 'log'));
    user = await ThrowawayUser.make(folder, authorized);
  });
  after(async () => {
    await user?.[Symbol.asyncDispose]();
    await log?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  async function read(path: string): Promise<Event[]> {
    const context = testContext({ now: () => Date.now() });
    const source = sshd.create(v.parse(sshd.options, { paths: path }), context);
    const events: Event[] = [];
    for await (const event of source.events()) events.push(event);
    assert.ok(isCovering(source));
    const { records, understood, unknown } = source.coverage();
    assert.deepEqual(
      { understood, unknown, rejects: context.rejects },
      { understood: records, unknown: [], rejects: [] },
    );
    return events.filter(({ kind }) => kind === 'login');
  }

  /** What the log says since it was last asked, in each format: the same. */
  async function fromLog(): Promise<Event[]> {
    const news: string[][] = [];
    for (const format of formats) {
      const lines = (await log.lines(format)).slice(seen.get(format) ?? 0);
      seen.set(format, (seen.get(format) ?? 0) + lines.length);
      news.push(lines);
    }
    const all: Event[][] = [];
    for (const lines of news) {
      const path = join(folder, 'auth.log');
      writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
      all.push(await read(path));
    }
    const [first = [], ...others] = all;
    const bare = (events: readonly Event[]) => events.map(({ fields }) => fields);
    for (const other of others) assert.deepEqual(bare(other), bare(first));
    return first;
  }

  /** An attempt to log in, and what an observant server tells of it: in VERBOSE more than in INFO. */
  interface Step extends Attempt {
    readonly with?: typeof ssh;
    readonly info: readonly string[];
    readonly verbose?: readonly string[];
  }

  /** Makes the attempts; gives what must be told of them. */
  async function attempt(server: SshServer | { port: number }, level: string, steps: readonly Step[]): Promise<Told> {
    const told: Told = {};
    await each(
      steps.map((step) => async () => {
        const { code, err, port } = await (step.with ?? ssh)(folder, server.port, step);
        const expected = [...((level === 'INFO' ? undefined : step.verbose) ?? step.info)];
        if (expected.length > 0) told[`${step.ip} ${port}`] = expected;
        const succeeds = step.info.some((each) => each.startsWith('success'));
        // Dropbear's client says 0 when the server ends it.
        if (step.with !== dbclient)
          assert.equal(code === 0, succeeds, `${JSON.stringify(step.user)} ended with ${code}: ${err}`);
      }),
    );
    return told;
  }

  const typed = (method: string, prompts = 1) => [
    `PreferredAuthentications=${method}`,
    `NumberOfPasswordPrompts=${prompts}`,
  ];

  const withKeys = (): Step[] => {
    const { ed25519, rsa, ecdsa, wrong, certified } = keys;
    const failed = (key: Key) => `failure root publickey ${key.fingerprint}`;
    const good = (key: Key, more = '') => `success root publickey ${key.fingerprint}${more}`;
    const root = { user: 'root' };
    return [
      { ...root, ip: '127.0.1.1', keys: [ed25519], info: [good(ed25519)] },
      { ...root, ip: '127.0.1.2', keys: [rsa], info: [good(rsa)] },
      { ...root, ip: '127.0.1.3', keys: [ecdsa], info: [good(ecdsa)] },
      { ...root, ip: '::1', keys: [ed25519], info: [good(ed25519)] },
      ...[good(certified, `${forged}: (serial 7) x`)].map((last) => ({
        ...{ ...root, ip: '127.0.1.4', keys: [certified] },
        ...{ info: [last], verbose: [failed(certified), last] },
      })),
      { ...root, ip: '127.0.1.5', keys: [wrong], info: [], verbose: [failed(wrong)] },
      {
        ...{ ...root, ip: '127.0.1.6', keys: [wrong, ed25519] },
        ...{ info: [good(ed25519)], verbose: [failed(wrong), good(ed25519)] },
      },
      {
        ...{ ip: '127.0.1.7', user: 'nobodyhere', keys: [ed25519] },
        info: ['failure nobodyhere invalid user'],
      },
    ];
  };

  const withPasswords = (): Step[] => {
    const { name, password } = user;
    const tooMany = 'maximum authentication attempts exceeded';
    return [
      { ip: '127.0.2.1', user: name, password, options: typed('password'), info: [`success ${name} password`] },
      { ip: '127.0.2.2', user: name, password: 'x', options: typed('password'), info: [`failure ${name} password`] },
      {
        ...{ ip: '127.0.2.3', user: 'root', password: 'x', options: typed('password', 6) },
        info: [...Array(3).fill('failure root password'), `failure root ${tooMany}`],
      },
    ];
  };

  const namesLikeLines = (): Step[] =>
    [
      forged,
      `${forged} [preauth]`,
      'CORP\\alice',
      'a b  c',
      '"quo\'ted" \\ back',
      'zoë ☃',
      'x'.repeat(150),
      '-',
      'invalid user x',
    ]
      .concat(['tab\there', '\u001b[31mred\u0007', '\u0001', `${forged}: ED25519 SHA256:x`])
      .map((name, index) => {
        // What follows a colon is not of the name: https://man.openbsd.org/login.conf#AUTHENTICATION
        const [before = ''] = name.split(':');
        return {
          ...{ ip: `127.0.3.${index + 1}`, user: name, password: 'x', options: typed('password') },
          info: [`failure ${logged(before)} invalid user`, `failure ${logged(before)} password`],
        };
      });

  /** What would be a line of its own. Dropbear's client tries what is offered, three times. */
  const lines = `x\nAccepted password for ${forged}\ny`;
  const withLineBreaks = (methods: readonly string[]): Step => ({
    ...{ with: dbclient, ip: '127.0.4.1', user: lines, password: 'x' },
    info: [
      `failure ${logged(lines)} invalid user`,
      ...methods.map((method) => `failure ${logged(lines)} ${method}`),
      // Said by the child without privileges, whose words are encoded again.
      `failure ${logged(lines)} maximum authentication attempts exceeded`,
    ],
  });

  const withPam = (): Step[] => {
    const { name, password } = user;
    const [method, options] = ['keyboard-interactive/pam', typed('keyboard-interactive')];
    return [
      { ip: '127.0.4.2', user: name, password, options, info: [`success ${name} ${method}`] },
      { ip: '127.0.4.3', user: name, password: 'x', options, info: [`failure ${name} ${method}`] },
      withLineBreaks(Array(3).fill(method)),
    ];
  };

  test('OpenSSH at INFO and VERBOSE, without and with PAM: exactly what its clients did', async () => {
    for (const level of ['INFO', 'VERBOSE']) {
      const pam = level === 'VERBOSE';
      let told: Told;
      const steps = [...withKeys(), ...withPasswords(), ...namesLikeLines().slice(0, pam ? 2 : undefined)];
      steps.push(...(pam ? withPam() : [withLineBreaks(['password', 'password'])]));
      {
        await using server = await SshServer.start(folder, {
          ...{ HostKey: keys.host.path, LogLevel: level, UsePAM: pam ? 'yes' : 'no', PermitRootLogin: 'yes' },
          ...{ TrustedUserCAKeys: `${keys.authority.path}.pub`, MaxAuthTries: '3' },
        });
        told = await attempt(server, level, steps);
        // PAM's own refusals have no port.
        if (pam) {
          told[`${steps.at(-2)?.ip} undefined`] = [`failure ${user.name} authentication failure`];
          told[`${steps.at(-1)?.ip} undefined`] = Array(3).fill(`failure ${logged(lines)} authentication failure`);
        }
      }
      const events = await fromLog();
      assert.deepEqual(toldOf(events), told, level);
      // What PAM says of the same has no port.
      const clients = new Set(Object.keys(told).map((client) => client.split(' ')[0]));
      for (const { fields } of events)
        assert.ok(clients.has(String(fields['source.ip'] ?? '::1')), JSON.stringify(fields));
      const opened = events.filter(({ fields }) => fields['event.action'] === 'session');
      const succeeded = Object.values(told).filter((all) => all.some((each) => each.startsWith('success')));
      assert.equal(opened.length, pam ? succeeded.length : 0);
    }
  });

  test('scanners, and who never says a name', async () => {
    {
      await using server = await SshServer.start(folder, { HostKey: keys.host.path, LoginGraceTime: '1' });
      const say =
        (ip: string, ...words: (string | Buffer)[]) =>
        async () => {
          const socket = await connectFrom(ip, server.port);
          for (const word of words) {
            await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
            socket.write(word);
          }
          await closed(socket);
        };
      const cannot = (ip: string, option: string) => () =>
        ssh(folder, server.port, { ip, user: 'root', keys: [keys.ed25519], options: [option] });
      await each([
        async () => (await connectFrom('127.0.5.1', server.port)).destroy(),
        async () => (await connectFrom('127.0.5.2', server.port)).resetAndDestroy(),
        say('127.0.5.3', 'GET / HTTP/1.0\r\n\r\n'),
        say('::1', 'Accepted password for root from 203.0.113.9 port 22 ssh2\r\n'),
        say('127.0.5.4', 'SSH-1.5-x\r\n'),
        say('127.0.5.5', 'SSH-2.0-x\r\n', Buffer.alloc(100, 0xff)),
        say('127.0.5.6', 'x'.repeat(70_000)),
        say('127.0.5.7', '\u0001\u0002\n\n\n'),
        say('127.0.5.8'),
        say('127.0.5.9', 'SSH-2.0-x\r\n'),
        cannot('127.0.5.10', 'KexAlgorithms=diffie-hellman-group1-sha1'),
        cannot('127.0.5.11', 'Ciphers=aes128-cbc'),
        cannot('127.0.5.12', 'HostKeyAlgorithms=ssh-dss'),
      ]);
    }
    assert.deepEqual(await fromLog(), []);
  });

  test('who may not log in, though the key is right', async () => {
    const { name } = user;
    let told: Told;
    {
      const settings = { HostKey: keys.host.path, DenyUsers: name, PermitRootLogin: 'no', UsePAM: 'no' };
      await using server = await SshServer.start(folder, settings);
      told = await attempt(server, 'INFO', [
        { ip: '127.0.6.1', user: name, keys: [keys.ed25519], info: [] },
        { ip: '127.0.6.2', user: 'root', keys: [keys.ed25519], info: ['failure root root login refused'] },
      ]);
      // The server says this one without a port.
      told['127.0.6.1 undefined'] = [`failure ${name} listed in DenyUsers`];
    }
    assert.deepEqual(toldOf(await fromLog()), told);
  });

  test('Dropbear, through syslog and by itself', async () => {
    await mustRun('dropbearkey', ['-t', 'ed25519', '-f', join(folder, 'dropbear')]);
    const { name, password } = user;
    for (const own of [false, true]) {
      const port = await freePort();
      const ports = ['-p', `127.0.0.1:${port}`, '-p', `[::1]:${port}`];
      const args = ['-F', ...(own ? ['-E'] : []), ...ports, '-r', join(folder, 'dropbear'), '-P', join(folder, 'pid')];
      await using server = new Daemon('dropbear', args);
      await server.until('it listens', () => accepts(port));
      const good = (key: Key) => [`success ${name} publickey ${key.fingerprint}`];
      const told = await attempt({ port }, 'INFO', [
        { ip: '127.0.7.1', user: name, keys: [keys.ed25519], info: good(keys.ed25519) },
        { ip: '127.0.7.2', user: name, keys: [keys.rsa], info: good(keys.rsa) },
        { ip: '::1', user: name, keys: [keys.ecdsa], info: good(keys.ecdsa) },
        { ip: '127.0.7.3', user: name, password, info: [`success ${name} password`] },
        {
          ip: '127.0.7.4',
          user: 'root',
          password: 'x',
          options: typed('password', 2),
          info: Array(2).fill('failure root password'),
        },
        { ip: '127.0.7.5', user: name, keys: [keys.wrong], info: [] },
        { ip: '127.0.7.6', user: name, keys: [keys.rsa], options: ['Ciphers=aes128-cbc'], info: [] },
      ]);
      await each([
        () =>
          attempt({ port }, 'INFO', [
            { ip: '127.0.7.7', user: `x' ${forged}`, password: 'x', options: typed('password'), info: [] },
          ]),
        async () => (await connectFrom('127.0.7.8', port)).destroy(),
        async () => (await connectFrom('127.0.7.9', port)).end('GET / HTTP/1.0\r\n\r\n'),
      ]);
      await server.childless();
      await server.stop();
      const path = join(folder, 'dropbear.log');
      writeFileSync(path, server.said);
      const events = own ? await read(path) : await fromLog();
      // Debian's build names neither user nor address of who is not there.
      told['undefined undefined'] = ['failure undefined invalid user'];
      assert.deepEqual(toldOf(events), told, own ? '-E' : 'syslog');
    }
  });

  test('sudo and su, with a terminal and without', async () => {
    const { name, password } = user;
    const forgery = ' ; TTY=pts/0 ; USER=root ; COMMAND=/bin/sh';
    const other = ['--reuid', name, '--regid', name, '--clear-groups', '--'];
    await mustRun('script', ['-qec', 'sudo -u nobody true', '/dev/null']);
    await mustRun('sudo', ['-u', 'nobody', 'true']);
    await run('setpriv', [...other, 'sudo', '-S', 'true', forgery], {
      input: `${password}\n`,
    });
    await mustRun('su', ['nobody', '-s', '/bin/sh', '-c', 'true']);
    await run('setpriv', [...other, 'su', 'root', '-c', 'true'], { input: 'wrong\n' });
    const events = (await fromLog()).filter(({ fields }) => fields['event.provider'] !== 'pam');
    const told = events.map(({ fields }) => {
      const { 'event.action': action, 'event.outcome': outcome, 'user.name': from, 'user.target.name': to } = fields;
      return `${action} ${outcome} ${from} ${to} ${String(fields['process.tty']).startsWith('pts/')}`;
    });
    assert.deepEqual(told, [
      'sudo success root nobody true',
      'sudo success root nobody false',
      `sudo failure ${name} root false`,
      'su success root nobody false',
      `su failure ${name} root false`,
    ]);
    const [, , refused] = events;
    assert.equal(refused?.fields['process.command_line'], `/usr/bin/true '${forgery}'`);
  });

  test('OpenSSH in a container, whose log driver alone knows the time', async () => {
    const own = join(folder, 'own.log');
    let told: Told;
    {
      const settings = { HostKey: keys.host.path, UsePAM: 'no' };
      await using server = await SshServer.start(folder, settings, ['-E', own]);
      told = await attempt(server, 'INFO', [withKeys()[0] as Step, ...namesLikeLines().slice(0, 5)]);
    }
    const said = readFileSync(own, 'utf8').split(/(?<=\n)/);
    const records = said.map((line) => JSON.stringify({ log: line, stream: 'stderr', time: new Date().toISOString() }));
    writeFileSync(own, `${records.join('\n')}\n`);
    assert.deepEqual(toldOf(await read(own)), told);
  });

  test('scops logins understands all of it', async () => {
    const path = join(folder, 'auth.log');
    const lines = await log.lines('traditional.log');
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    const { code, err } = await runScops(folder, ['logins', path]);
    assert.equal(code, 0, err);
    const [, understood, all] = /^(\d+) of (\d+) sshd records understood/m.exec(err) ?? [];
    assert.ok(Number(all) > 300, err);
    assert.equal(understood, all, err);
  });
});
