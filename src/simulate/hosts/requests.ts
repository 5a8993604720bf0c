import { type Day, hour, mixedText, type Plan, randomText } from './plan.ts';
import { service } from './processes.ts';
import type { Step } from './step.ts';
import { accounts, type Host } from './world.ts';

/** What the applications run by themselves when somebody uses them: pictures, documents, mail. */
export function* requests(plan: Plan, day: Day, host: Host): Generator<readonly Step[]> {
  const random = plan.random.fork(`requests/${host.name}/${day.index}`);
  const web = host.role === 'web';
  const shell = web
    ? service(accounts.web, '/usr/sbin/php-fpm8.2', 'php-fpm8.2')
    : service(accounts.portal, '/usr/bin/node', 'node');
  const home = web ? '/srv/shop/shared' : '/srv/portal/shared';
  for (let left = plan.amount(day.working ? 8 : 4); left > 0; left--) {
    const time = day.start + 6 * hour + random.integer(16 * hour);
    const session = plan.open({
      host,
      activity: 'routine',
      time,
      random,
      shell,
      cwd: web ? '/srv/shop/current/public' : home,
    });
    const name = randomText(random, 12);
    const [line, made] = random.pick([
      [
        `convert '/tmp/php${mixedText(random, 6)}' -resize 800x800 ${home}/media/${name}.webp`,
        `${home}/media/${name}.webp`,
      ],
      [`pdftotext -layout ${home}/inbox/${name}.pdf -`, ''],
      ['/usr/sbin/sendmail -t -i', ''],
    ] as const);
    session.inShell(line);
    if (made) session.file('added', made);
    yield session.steps;
  }
}
