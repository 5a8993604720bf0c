import type { Random } from '../../algorithms/random.ts';
import * as logs from './logs.ts';
import { type Day, hour, leave, minute, type Plan } from './plan.ts';
import { byHand, type Session } from './session.ts';
import type { Step } from './step.ts';
import { oddity, type Task, tasksFor } from './tasks.ts';
import { accounts, type Host, type Person, people } from './world.ts';

function choose(random: Random, list: readonly Task[]): Task {
  let ticket = random.next() * list.reduce((sum, task) => sum + task.weight, 0);
  for (const task of list) {
    ticket -= task.weight;
    if (ticket <= 0) return task;
  }
  return list[0] as Task;
}

/** What somebody types in one login: one to three tasks, with something odd in between. */
export function work(session: Session, host: Host): Session {
  const { random } = session;
  const known = tasksFor(host.role);
  for (let left = 1 + random.integer(3); left > 0; left--) {
    session.run(choose(random, known).lines(random));
    if (random.next() < 0.22) session.run([oddity(random)]);
  }
  return session;
}

/** Machines that a person looks after. */
export const workplaces = (plan: Plan, person: Person): readonly Host[] =>
  plan.hosts.filter((host) => person.roles.includes(host.role));

const rhythm = [0.12, 1, 1.1, 1, 1, 0.75, 0.1];

/** Admins at work: by day, Monday to Friday; at weekends only somebody on call, or on the `promised` day. */
export function* admins(plan: Plan, day: Day, promised: number): Generator<readonly Step[]> {
  for (const [index, person] of people.entries()) {
    const random = plan.random.fork(`admin/${person.account.name}/${day.index}`);
    const places = workplaces(plan, person);
    if (places.length === 0) continue;
    const usual = 3 * plan.scale * (rhythm[day.weekday] as number) * (0.5 + random.next());
    const count = Math.max(Math.floor(usual + random.next()), day.index === promised && index === 0 ? 1 : 0);
    for (let left = count; left > 0; left--) {
      const at = day.start + person.starts * hour + random.integer(8.5 * hour);
      const host = random.pick(places);
      const tty = `pts/${random.integer(4)}`;
      const session = plan.enter({
        host,
        activity: 'admin',
        time: at,
        random: random.fork(`${left}`),
        user: person.account,
        address: person.address,
        tty,
        pace: byHand,
      });
      if (random.next() < 0.05) {
        session
          .log(logs.pamFailed('sudo', person.account.name, person.account, tty, session.pid()))
          .wait([minute / 20, minute / 6]);
      }
      if (host.role === 'db' && random.next() < 0.2) session.run(['sudo su - postgres']);
      if (host.role !== 'gate' && random.next() < 0.12) session.su(accounts.deploy);
      yield leave(work(session, host), person.account);
    }
  }
}
