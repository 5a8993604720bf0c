import type { Random } from '../../algorithms/random.ts';
import { compactDate, type Day, hour, leave, minute, type Plan, randomText } from './plan.ts';
import { byScript, type Session } from './session.ts';
import type { Step } from './step.ts';
import { type Kind, SourceTree } from './trees.ts';
import { accounts, type Role } from './world.ts';

interface App {
  readonly name: string;
  readonly kind: Kind;
  readonly role: Role;
  readonly home: string;
  readonly files: number;
  readonly unit: string;
}

const apps: readonly App[] = [
  { name: 'shop', kind: 'php', role: 'web', home: '/srv/shop', files: 95, unit: 'php8.2-fpm' },
  { name: 'ledger', kind: 'python', role: 'app', home: '/opt/ledger', files: 120, unit: 'ledger' },
  { name: 'portal', kind: 'node', role: 'app', home: '/srv/portal', files: 140, unit: 'portal' },
];

interface Release {
  readonly name: string;
  readonly files: readonly string[];
}

const buildSteps: Readonly<Record<Kind, (release: string) => readonly string[]>> = {
  php: (release) => [
    `php bin/console cache:warmup --env=prod`,
    `php bin/console doctrine:migrations:migrate --no-interaction --allow-no-migration`,
    `find ${release}/var -type d -exec chmod g+w {} +`,
  ],
  python: (release) => [
    `${release}/venv/bin/python -m compileall -q ${release}/app`,
    `${release}/venv/bin/alembic upgrade head`,
  ],
  node: (release) => [`npm ci --omit=dev --no-audit --no-fund`, `node ${release}/server.js --check`],
};

const keptReleases = 3;

/** Releases of one application: what lies on its servers, and what the next deploy will put there. */
class Pipeline {
  readonly app: App;
  readonly #tree: SourceTree;
  readonly #random: Random;
  readonly #kept: Release[] = [];

  constructor(app: App, plan: Plan) {
    this.app = app;
    this.#random = plan.random.fork(`releases/${app.name}`);
    this.#tree = new SourceTree(app.kind, this.#random.fork('tree'), plan.amount(app.files, 12));
  }

  /** The release that a deploy at `time` makes, and the old one that it clears away. */
  next(time: number): { fresh: Release; gone: Release | undefined } {
    const stamp = new Date(time).toISOString().slice(0, 19).replace(/[-:T]/g, '');
    const name = this.app.kind === 'python' ? `${randomText(this.#random, 10)}` : stamp;
    const fresh = { name, files: this.#tree.release() };
    this.#kept.push(fresh);
    return { fresh, gone: this.#kept.length > keptReleases ? this.#kept.shift() : undefined };
  }
}

function install(session: Session, app: App, fresh: Release, gone: Release | undefined): void {
  const { home } = app;
  const release = `${home}/releases/${fresh.name}`;
  const archive = `/tmp/${app.name}-${fresh.name}.tar.gz`;
  session.inShell(
    `mkdir -p ${release} && tar -xzf ${archive} -C ${release}`,
    [`mkdir -p ${release}`, `tar -xzf ${archive} -C ${release}`],
    'bash',
  );
  for (const file of fresh.files) {
    session.file('added', `${release}/${file}`, 'rw-rw-r--');
    if (session.random.next() < 0.1) session.wait([5, 60]);
  }
  session.run([`cd ${release}`, `ln -sfn ${home}/shared/.env ${release}/.env`, ...buildSteps[app.kind](release)]);
  if (app.kind === 'php') {
    const container = randomText(session.random, 7);
    for (const part of ['App_KernelProdContainer.php', 'UrlGenerator.php', 'routes.php', 'annotations.map']) {
      session.file('added', `${release}/var/cache/prod/Container${container}/${part}`, 'rw-rw-r--');
    }
  }
  session.run([
    `ln -sfn ${release} ${home}/current`,
    `~ ${home}/current`,
    `sudo systemctl ${app.kind === 'php' ? 'reload' : 'restart'} ${app.unit}`,
    `curl -fsS -o /dev/null http://127.0.0.1:8080/healthz`,
    `~ ${home}/shared/REVISION`,
    `rm -f ${archive}`,
    `- ${archive}`,
  ]);
  if (gone === undefined) return;
  session.run([`rm -rf ${home}/releases/${gone.name}`]);
  // The scan that notices a vanished tree reports it in part: whodata's queue drops what comes too fast.
  for (const file of gone.files)
    if (session.random.next() < 0.45) session.file('deleted', `${home}/releases/${gone.name}/${file}`);
}

/** All applications' deploys: most on Monday to Thursday, few on Friday, none at weekends unless it is promised. */
export class Deploys {
  readonly #plan: Plan;
  readonly #pipelines: readonly Pipeline[];
  readonly #promised: number;

  /** `promised` is the day on which there is a deploy for certain. */
  constructor(plan: Plan, promised: number) {
    this.#plan = plan;
    this.#pipelines = apps.map((app) => new Pipeline(app, plan));
    this.#promised = promised;
  }

  *on(day: Day): Generator<readonly Step[]> {
    for (const [index, pipeline] of this.#pipelines.entries()) {
      const random = this.#plan.random.fork(`deploy/${pipeline.app.name}/${day.index}`);
      const chance = day.working ? (day.weekday === 5 ? 0.2 : 0.55) : 0;
      const wanted = random.next() < chance || (day.index === this.#promised && index === day.index % apps.length);
      if (!wanted) continue;
      const time = day.start + (9 + random.integer(7)) * hour + random.integer(59) * minute;
      yield* this.#deploy(pipeline, day, time, random);
    }
  }

  *#deploy(pipeline: Pipeline, day: Day, time: number, random: Random): Generator<readonly Step[]> {
    const { app } = pipeline;
    const { fresh, gone } = pipeline.next(time);
    const source = this.#plan.with('ci')[0] ?? this.#plan.with('gate')[0];
    for (const [turn, host] of this.#plan.with(app.role).entries()) {
      const session = this.#plan.enter({
        host,
        activity: 'deploy',
        time: time + turn * (2 * minute + random.integer(minute)),
        random: random.fork(host.name),
        user: accounts.deploy,
        address: source?.ip ?? '10.40.0.14',
        pace: byScript,
      });
      session.run([`sha256sum -c /tmp/${app.name}-${compactDate(day)}.sum`]);
      install(session, app, fresh, gone);
      yield leave(session, accounts.deploy);
    }
  }
}
