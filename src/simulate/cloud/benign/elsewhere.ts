import { dayLength, second } from '../../logins/clock.ts';
import type { Stage } from '../episode.ts';
import type { Identity } from '../identity.ts';
import { anywhere } from '../internet.ts';
import { isOwn, type Odd } from './odd.ts';

/** Instances whose way out has changed: over the data centre, or through the gateway of another account. */
export function* routesChange(stage: Stage): Generator<Odd> {
  const { cast, company, random } = stage;
  const type = 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.';
  const take = (group: string, from: number, kind: string, count: number): Odd[] => {
    const made: Odd[] = [];
    for (let i = 0; i < count; i++) {
      const day = Math.min(company.calendar.days - 2, from + random.integer(8));
      const actors = cast.instances.filter((each) => each.group === group);
      const actor = random.pick(actors);
      const calls = actor
        .day(day)
        .filter((call) => isOwn(call) && call.from.endpoint === undefined && call.time >= company.at(from));
      if (calls.length > 0)
        made.push({
          type: type + kind,
          scenario: kind === 'OutsideAWS' ? 'through-data-centre' : 'new-gateway',
          relevance: 0,
          calls: calls.slice(0, 1 + random.integer(12)),
        });
    }
    return made;
  };
  yield* take('ledger', company.routedDay, 'OutsideAWS', 5);
  yield* take('web', company.nat.day, 'InsideAWS', 2);
  yield* take('worker', company.nat.day, 'InsideAWS', 2);
}

/** Findings about instances, which name no principal; and GuardDuty's own samples. */
export function* elsewhere(stage: Stage): Generator<Odd> {
  const { company, random } = stage;
  const { prod, dev } = company.accounts;
  const noises = [
    'Recon:EC2/PortProbeUnprotectedPort',
    'UnauthorizedAccess:EC2/SSHBruteForce',
    'UnauthorizedAccess:EC2/RDPBruteForce',
    'Behavior:EC2/NetworkPortUnusual',
    'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom',
    'CryptoCurrency:EC2/BitcoinTool.B!DNS',
  ];
  for (let i = 0; i < 13; i++) {
    const network = random.pick([...company.internet.of('hosting'), ...company.internet.of('home')]);
    const ip = anywhere(network, random);
    const time = company.at(0) + Math.floor(random.next() * (company.calendar.days - 3) * dayLength);
    const traffic = { account: random.pick([prod, dev]), time, ip, count: 1 + random.integer(20) };
    yield {
      type: i < 9 ? noises[i % 3]! : random.pick(noises),
      scenario: 'internet-noise',
      relevance: 0,
      calls: [],
      traffic,
    };
  }
  const types = [
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    'Exfiltration:S3/AnomalousBehavior',
    'UnauthorizedAccess:IAMUser/TorIPCaller',
    'Recon:IAMUser/MaliciousIPCaller.Custom',
  ];
  const time = company.at(stage.day);
  for (const [i, type] of types.entries()) {
    const about = { account: prod, region: company.region, by: generated(prod), agent: 'GeneratedFindingUserAgent' };
    const call = {
      ...about,
      time: time + i * second,
      api: 's3:GeneratedFindingAPIName',
      from: { ip: '198.51.100.0' },
      id: '',
    };
    yield { type, scenario: 'sample', relevance: 0, calls: [call], sample: true };
  }
}

/** Who acts in GuardDuty's samples. */
const generated = (account: string): Identity => ({
  account,
  principalId: 'GeneratedFindingPrincipalId',
  userName: 'GeneratedFindingUserName',
  accessKeyId: 'GeneratedFindingAccessKeyId',
  json: { type: 'IAMUser' },
});
