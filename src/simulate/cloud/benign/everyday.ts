import type { Call } from '../call.ts';
import { type Stage, seekCall } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { anomaly, dayNumber, dayOf, isOwn, type Odd } from './odd.ts';

/** Findings of nothing at all: ordinary days, shared addresses on lists, programs whose work is what is looked for. */
export function* everyday(stage: Stage): Generator<Odd> {
  const { cast, company, random } = stage;
  const { days } = company.calendar;
  const on = (): number => 2 + random.integer(days - 4);
  for (let i = 0; i < 14; i++) {
    const call = seekCall({ ...stage, day: on() }, cast.workers, isOwn);
    if (call === undefined) continue;
    yield anomaly(stage, 'ordinary-day', dayOf(stage, call), call);
  }
  for (const [name, times] of ordinary) {
    for (let i = 0; i < times; i++) {
      const actors =
        name === 'CredentialAccess' || name === 'InitialAccess'
          ? [...cast.workers, cast.pipelines]
          : [...cast.team('platform'), cast.runner];
      const call = seekCall(
        { ...stage, day: on() },
        actors,
        (each) => isOwn(each) && anomalyOf(each.api).startsWith(name),
      );
      if (call === undefined) continue;
      yield anomaly(stage, 'ordinary-work', dayOf(stage, call), call);
    }
  }
  for (let i = 0; i < 5; i++) {
    const mobile = seekCall(
      { ...stage, day: on() },
      cast.workers,
      (call) => isOwn(call) && company.internet.find(call.from.ip)?.kind === 'mobile',
    );
    if (mobile === undefined) continue;
    yield {
      type: `${i % 2 === 0 ? 'UnauthorizedAccess' : 'Recon'}:IAMUser/MaliciousIPCaller`,
      scenario: 'listed-by-mistake',
      relevance: 0,
      calls: [mobile],
    };
  }
  for (let i = 0; i < 5; i++) {
    const call = seekCall({ ...stage, day: on() }, [cast.pipelines], isOwn);
    if (call === undefined) continue;
    const run = cast.pipelines
      .day(dayNumber(stage, call))
      .filter(({ by, time }) => by.accessKeyId === call.by.accessKeyId && time >= call.time);
    yield {
      type: i < 2 ? 'UnauthorizedAccess:IAMUser/TorIPCaller' : 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
      scenario: 'listed-by-mistake',
      relevance: 0,
      calls: run.slice(0, 10),
    };
  }
  for (let i = 0; i < 5; i++) {
    const call = seekCall({ ...stage, day: on() }, cast.team('analyst'), ({ api }) => api === 's3:GetObject');
    if (call === undefined) continue;
    yield anomaly(stage, 'bulk-analysis', dayOf(stage, call), call);
  }
  for (let i = 0; i < 3; i++) {
    const call = seekCall(
      { ...stage, day: on() },
      [...cast.instances, ...cast.workloads],
      ({ api, by }) => api.startsWith('s3:') && by.accessKeyId !== undefined,
    );
    if (call === undefined) continue;
    yield anomaly(stage, 'ordinary-work', [], call);
  }
  for (const api of ['ec2:GetPasswordData', undefined, undefined, undefined]) {
    const call = seekCall(
      { ...stage, day: on() },
      [cast.scanner],
      (each) => isOwn(each) && (api === undefined || each.api === api),
    );
    if (call === undefined) continue;
    yield api === undefined && random.next() < 0.3
      ? { type: 'Recon:IAMUser/MaliciousIPCaller.Custom', scenario: 'scanner', relevance: 0, calls: [call] }
      : anomaly(stage, 'scanner', dayOf(stage, call), call);
  }
  for (let i = 0; i < 4; i++) {
    const call = seekCall({ ...stage, day: on() }, cast.workers, ({ by, from }) => by.json.invokedBy === from.ip);
    if (call === undefined) continue;
    yield anomaly(stage, 'through-service', dayOf(stage, call), call);
  }
  for (let i = 0; i < 3; i++) {
    const call = seekCall(
      { ...stage, day: on() },
      cast.workers,
      (each) => isOwn(each) && each.agent === toolOf(stage, each),
    );
    if (call === undefined) continue;
    yield anomaly(stage, 'own-tool', dayOf(stage, call), call);
  }
}

/** How many findings there are of work whose tactic looks bad and is its purpose. */
const ordinary = [
  ['CredentialAccess', 4],
  ['Exfiltration:IAM', 2],
  ['Impact', 2],
  ['PrivilegeEscalation', 4],
  ['InitialAccess', 3],
] as const;

const toolOf = ({ company }: Stage, { by }: Call): string | undefined =>
  company.people.find(({ email }) => by.principalId?.endsWith(email))?.agents.tool;
