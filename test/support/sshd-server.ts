import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accepts, Daemon, type Ended, environment, freePort, mustRun, Relay, run } from './programs.ts';

/** A pair of keys in files, as ssh-keygen makes them. */
export interface Key {
  readonly path: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  readonly text: string;
}

export async function makeKey(folder: string, name: string, type: string): Promise<Key> {
  const path = join(folder, name);
  await mustRun('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', path]);
  const [, fingerprint = ''] = (await mustRun('ssh-keygen', ['-l', '-f', `${path}.pub`])).split(' ');
  return { path, fingerprint, text: readFileSync(`${path}.pub`, 'utf8') };
}

/** Makes the key's certificate, by which an authority lets it log in as `principal`. ssh finds it beside the key. */
export async function certify(key: Key, authority: Key, principal: string, id: string, serial: number): Promise<void> {
  const names = ['-I', id, '-n', principal, '-z', String(serial)];
  await mustRun('ssh-keygen', ['-q', '-s', authority.path, ...names, `${key.path}.pub`]);
}

/** What OpenSSH's server is configured with, besides where its files are. */
export type Settings = Readonly<Record<string, string | readonly string[]>>;

/** Where sshd's part without privileges is shut in. */
const emptyFolder = '/run/sshd';

/** OpenSSH's server on a port of its own on loopback, IPv4 and IPv6, with files of its own. */
export class SshServer implements AsyncDisposable {
  readonly port: number;
  readonly #daemon: Daemon;
  readonly #ownsEmpty: boolean;

  private constructor(port: number, daemon: Daemon, ownsEmpty: boolean) {
    this.port = port;
    this.#daemon = daemon;
    this.#ownsEmpty = ownsEmpty;
  }

  /** `extra` are its arguments: none for syslog, `-E FILE` for a file of its own. */
  static async start(folder: string, settings: Settings, extra: readonly string[] = []): Promise<SshServer> {
    // Debian's package leaves making it to the service.
    const ownsEmpty = !existsSync(emptyFolder);
    if (ownsEmpty) mkdirSync(emptyFolder, { mode: 0o755 });
    const port = await freePort();
    const configuration = join(folder, `sshd_config_${port}`);
    const all: Settings = {
      Port: String(port),
      ListenAddress: ['127.0.0.1', '::1'],
      PidFile: 'none',
      AuthorizedKeysFile: join(folder, 'authorized_keys'),
      // Folders for temporary files may be written by everybody.
      StrictModes: 'no',
      MaxStartups: '100',
      ...settings,
    };
    const lines = Object.entries(all).flatMap(([name, value]) => [value].flat().map((each) => `${name} ${each}\n`));
    writeFileSync(configuration, lines.join(''));
    const daemon = new Daemon('/usr/sbin/sshd', ['-D', '-f', configuration, ...extra]);
    await daemon.until('it listens', () => accepts(port));
    return new SshServer(port, daemon, ownsEmpty);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#daemon.ended) await this.#daemon.childless();
    await this.#daemon[Symbol.asyncDispose]();
    if (this.#ownsEmpty) rmdirSync(emptyFolder);
  }
}

export interface Attempt {
  /** The address that the server sees. */
  readonly ip: string;
  readonly user: string;
  readonly keys?: readonly Key[];
  /** The password that is typed at every prompt. */
  readonly password?: string;
  readonly options?: readonly string[];
}

/** OpenSSH's client, which runs `true` on the server; with the port that the server sees. */
export async function ssh(
  folder: string,
  server: number,
  attempt: Attempt,
): Promise<Ended & { readonly port: number }> {
  const { ip, user, keys = [], password, options = [] } = attempt;
  await using relay = await Relay.start(ip, server);
  const askpass = join(folder, 'askpass');
  if (!existsSync(askpass)) {
    writeFileSync(askpass, '#!/bin/sh\nprintf "%s\\n" "$SCOPS_PASSWORD"\n');
    chmodSync(askpass, 0o700);
  }
  // In a file, because on its command line the client refuses names with control characters and the like.
  const configuration = join(folder, `ssh_config_${relay.port}`);
  writeFileSync(configuration, `User "${user.replace(/["\\]/g, '\\$&')}"\n`);
  const settings = [
    ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'GlobalKnownHostsFile=/dev/null'],
    ...['IdentitiesOnly=yes', 'IdentityAgent=none', 'ControlPath=none', 'LogLevel=ERROR', 'ConnectTimeout=20'],
    ...['GSSAPIAuthentication=no', `PubkeyAuthentication=${keys.length > 0 ? 'yes' : 'no'}`],
    ...(password === undefined ? ['BatchMode=yes'] : []),
    ...options,
  ];
  const args = ['-F', configuration, '-p', String(relay.port), ...settings.flatMap((setting) => ['-o', setting])];
  const identities = keys.length > 0 ? keys.flatMap(({ path }) => ['-i', path]) : ['-i', '/dev/null'];
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ...{ SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', SCOPS_PASSWORD: password },
  };
  const ended = await run('ssh', [...args, ...identities, '127.0.0.1', 'true'], { env });
  return { ...ended, port: relay.sourcePort };
}

/** Dropbear's client, which lets a name hold anything. */
export async function dbclient(
  folder: string,
  server: number,
  { ip, user, password = '' }: Attempt,
): Promise<Ended & { readonly port: number }> {
  await using relay = await Relay.start(ip, server);
  const env = { ...environment, HOME: folder, DROPBEAR_PASSWORD: password };
  const ended = await run('dbclient', ['-y', '-y', '-p', String(relay.port), '-l', user, '127.0.0.1', 'true'], { env });
  return { ...ended, port: relay.sourcePort };
}
