import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, run } from './programs.ts';

/** An account of this computer that is there until the test is done. Only root can make one. */
export class ThrowawayUser implements AsyncDisposable {
  readonly name = 'scops-e2e';
  readonly password = 'Right: pass 1';

  private constructor() {}

  /** Its home is in the folder, with the keys that may log in. */
  static async make(folder: string, authorizedKeys: string): Promise<ThrowawayUser> {
    const user = new ThrowawayUser();
    const { name, password } = user;
    const home = join(folder, 'home');
    mkdirSync(join(home, '.ssh'), { recursive: true });
    writeFileSync(join(home, '.ssh', 'authorized_keys'), authorizedKeys);
    chmodSync(folder, 0o755);
    await run('userdel', [name]);
    await mustRun('useradd', ['--no-create-home', '--home-dir', home, '--shell', '/bin/sh', name]);
    await mustRun('chpasswd', [], { input: `${name}:${password}\n` });
    await mustRun('chown', ['-R', name, home]);
    await mustRun('chmod', ['-R', 'go-rwx', home]);
    return user;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('userdel', [this.name]);
  }
}
