import { minute } from './plan.ts';
import { loginShell } from './processes.ts';
import { Renderer, type Simulated } from './render.ts';
import type { Process } from './step.ts';
import { type Account, accounts, type Host, makeHosts } from './world.ts';

const pyama: Account = { name: 'pyama', id: 1005 };

/**
 * The two cases with which the article on mimizuku shows that it works: an admin runs `su - oreha-kaizoku-oh-ni-naru`
 * (rule 80792), and `/home/pyama/yabai-file` appears (rule 554). `at` is epoch milliseconds; the second comes a minute
 * later. https://github.com/pyama86/mimizuku
 */
export function articleCases(at: number): readonly [Simulated, Simulated] {
  const [, host] = makeHosts(3) as [Host, Host, Host];
  const renderer = new Renderer(700);
  const shell = loginShell(pyama, 'pts/0');
  const purpose = { attack: true, activity: 'attack', session: `${host.name}-article` } as const;
  const process: Process = {
    parent: shell,
    user: pyama,
    effective: accounts.root,
    login: shell.login,
    executable: '/usr/bin/su',
    name: 'su',
  };
  const su = renderer.render({
    type: 'exec',
    time: at,
    host,
    purpose: { ...purpose, technique: 'T1078.003' },
    process,
    file: '/usr/bin/su',
    cwd: '/home/pyama',
    args: ['su', '-', 'oreha-kaizoku-oh-ni-naru'],
  });
  const file = renderer.render({
    type: 'file',
    time: at + minute,
    host,
    purpose: { ...purpose, technique: 'T1074.001' },
    path: '/home/pyama/yabai-file',
    change: 'added',
    owner: pyama,
    cwd: '/home/pyama',
    by: {
      parent: shell,
      user: pyama,
      effective: pyama,
      login: shell.login,
      executable: '/usr/bin/touch',
      name: 'touch',
    },
  });
  return [su, file];
}
