import { minute } from './plan.ts';
import { homeOf, loginShell } from './processes.ts';
import { Renderer, type Simulated } from './render.ts';
import type { Process } from './step.ts';
import { type Account, accounts, type Host, makeHosts, type Person, people } from './world.ts';

/**
 * The two cases with which the article on mimizuku shows that it works: an admin runs `su - oreha-kaizoku-oh-ni-naru`
 * (rule 80792), and `/home/pyama/yabai-file` appears (rule 554). `at` is epoch milliseconds; the second comes a minute
 * later. The admin is one of `simulateHosts`, so that only the command and the path are new.
 * https://github.com/pyama86/mimizuku
 */
export function articleCases(at: number): readonly [Simulated, Simulated] {
  const [, host] = makeHosts(3) as [Host, Host, Host];
  const { account } = people[0] as Person;
  const renderer = new Renderer(700);
  const shell = loginShell(account, 'pts/0');
  const moment = { time: at, host, cwd: homeOf(account) };
  const purpose = { attack: true, activity: 'attack', session: `${host.name}-article` } as const;
  const process = (name: string, user: Account, effective: Account): Process => ({
    parent: shell,
    user,
    effective,
    login: shell.login,
    executable: `/usr/bin/${name}`,
    name,
  });
  const su = renderer.render({
    ...moment,
    type: 'exec',
    purpose: { ...purpose, technique: 'T1078.003' },
    process: process('su', account, accounts.root),
    file: '/usr/bin/su',
    args: ['su', '-', 'oreha-kaizoku-oh-ni-naru'],
  });
  const file = renderer.render({
    ...moment,
    type: 'file',
    time: at + minute,
    purpose: { ...purpose, technique: 'T1074.001' },
    path: '/home/pyama/yabai-file',
    change: 'added',
    owner: accounts.root,
    by: process('touch', accounts.root, accounts.root),
  });
  return [su, file];
}
