import { type Day, hour, minute, mixedText, type Plan, randomText } from './plan.ts';
import { service } from './processes.ts';
import type { Session } from './session.ts';
import type { Step } from './step.ts';
import { accounts } from './world.ts';

const agent = service(accounts.runner, '/opt/actions-runner/bin/Runner.Worker', 'Runner.Worker');

const projects: Readonly<Record<string, (session: Session, place: string) => readonly string[]>> = {
  shop: (session) => [
    'composer install --no-interaction --prefer-dist',
    'php bin/console lint:twig templates',
    `php vendor/bin/phpunit --testsuite ${session.random.pick(['unit', 'functional', 'all'])}`,
    'php vendor/bin/phpstan analyse -l 6 src',
  ],
  ledger: ({ random }, place) => [
    'python3 -m venv .venv',
    `${place}/.venv/bin/pip install -q -r requirements.txt -r requirements-dev.txt`,
    `${place}/.venv/bin/pytest -q -n 2 -k "${random.pick(['not slow', 'invoice or payment', 'api', 'not network'])}"`,
    `gcc -O2 -fPIC -shared -o build/_fast.so src/fast.c`,
    `/usr/lib/gcc/x86_64-linux-gnu/12/cc1 -quiet src/fast.c -quiet -dumpbase fast.c -O2 -o /tmp/cc${mixedText(random, 6)}.s`,
    `as --64 -o /tmp/cc${mixedText(random, 6)}.o /tmp/cc${mixedText(random, 6)}.s`,
    `/usr/lib/gcc/x86_64-linux-gnu/12/collect2 -shared -o build/_fast.so`,
  ],
  portal: ({ random }) => [
    'npm ci',
    `sh -c 'eslint . --max-warnings 0'`,
    `node --test --test-shard=${1 + random.integer(3)}/3`,
    'npm run build',
    `sh -c 'esbuild src/main.js --bundle --minify'`,
  ],
};

/** Pull requests and pushes, built on the CI machine during working hours. */
export function* builds(plan: Plan, day: Day, promised: number): Generator<readonly Step[]> {
  for (const host of plan.with('ci')) {
    const random = plan.random.fork(`build/${host.name}/${day.index}`);
    const count = day.working ? plan.amount(2 + random.integer(4)) : day.index === promised ? 1 : 0;
    for (let left = count; left > 0; left--) {
      const name = random.pick(Object.keys(projects));
      const place = `/home/runner/work/${name}/${name}`;
      const commit = randomText(random, 40);
      const session = plan.open({
        host,
        activity: 'build',
        time: day.start + 7 * hour + random.integer(11 * hour) + random.integer(minute),
        random: random.fork(`${left}`),
        shell: agent,
        cwd: place,
      });
      session.run([
        'git version',
        `git config --global --add safe.directory ${place}`,
        `git -c protocol.version=2 fetch --no-tags --prune --depth=1 origin +${commit}:refs/remotes/origin/main`,
        `git checkout --progress --force -B main refs/remotes/origin/main`,
        `git log -1 --format=%H`,
      ]);
      session.inShell(
        `/home/runner/work/_temp/${randomText(random, 8)}-${randomText(random, 4)}.sh`,
        projects[name]?.(session, place) ?? [],
        'bash',
      );
      session.run([
        `tar -czf /tmp/${name}-${commit.slice(0, 10)}.tar.gz --exclude-vcs .`,
        `+ /tmp/${name}-${commit.slice(0, 10)}.tar.gz`,
        `sha256sum /tmp/${name}-${commit.slice(0, 10)}.tar.gz`,
        `rm -f /tmp/${name}-${commit.slice(0, 10)}.tar.gz`,
        `- /tmp/${name}-${commit.slice(0, 10)}.tar.gz`,
      ]);
      yield session.steps;
    }
  }
}
