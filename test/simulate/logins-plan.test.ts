import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dormancy } from '../../src/simulate/logins/incidents.ts';
import type { Block } from '../../src/simulate/logins/networks.ts';
import { isBot } from '../../src/simulate/logins/people.ts';
import { type Incident, type Plan, usedHosts, usedNetworks } from '../../src/simulate/logins/plan.ts';
import { oddities, planLogins, takeovers } from '../../src/simulate/logins.ts';

const day = 86_400_000;
const countryOf = ({ located }: Block) => ('cities' in located ? located : located.country);

/** What an attack's name promises. */
function check(plan: Plan, incident: Incident, must: (fine: boolean, words: string) => void): void {
  const { scenario, victim, time, blocks } = incident;
  const { calendar, quits, episodes, fleet } = plan;
  const used = usedNetworks(plan, victim);
  const home = victim.city.country;
  must(time > calendar.start + 7 * day && time < calendar.end - day / 4, 'is too early or too late');
  must((blocks.length === 0) === (scenario === 'lateral-movement'), 'comes from nowhere');
  must(
    blocks.every(({ network }) => !used.has(network)),
    'comes from a network of the victim',
  );
  must(fleet.length - usedHosts(plan, victim).size >= 8, 'has no strange servers left');
  for (const { from, to } of episodes.filter((each) => each.person === victim && each.scenario === 'holiday-trip'))
    must(incident.day < from || incident.day > to, 'hits somebody on holiday');
  const left = quits.get(victim);
  if (scenario === 'dormant-account')
    must(left !== undefined && left >= 7 && incident.day - left > dormancy(calendar.days), 'has not slept');
  else must(left === undefined || incident.day < left, 'hits somebody who left');
  if (scenario === 'bot-key') must(isBot(victim), 'hits a person');
  else must(!isBot(victim), 'hits a machine');
  if (/spray|brute/.test(scenario)) must(/password|keyboard/.test(victim.auth), 'guesses a key');
  if (scenario === 'same-country-proxy')
    must(
      blocks.every((block) => countryOf(block) === home && block.network.kind === 'home'),
      'is elsewhere',
    );
  if (scenario === 'stolen-key')
    must(
      blocks.every((block) => countryOf(block) !== home && /hosting|vpn/.test(block.network.kind)),
      'is at home',
    );
  if (scenario === 'impossible-travel')
    must(
      blocks.every((block) => countryOf(block).continent !== home.continent),
      'is near',
    );
}

for (const options of [{}, { users: 12, days: 30 }]) {
  test(`every seed from 0 to 500 contains what it promises, ${JSON.stringify(options)}`, () => {
    for (let seed = 0; seed <= 500; seed++) {
      const plan = planLogins({ seed, ...options });
      const scenarios = new Set<string>([...plan.incidents, ...plan.episodes].map(({ scenario }) => scenario));
      if (plan.people.some(({ role }) => role === 'ci')) scenarios.add('ci-bot');
      const missing = [...takeovers, ...oddities].filter((name) => !scenarios.has(name));
      assert.deepEqual(missing, [], `seed ${seed} lacks a scenario`);
      for (const incident of plan.incidents) {
        const must = (fine: boolean, words: string): void => {
          if (!fine) assert.fail(`seed ${seed}: ${incident.incident} of ${incident.victim.name} ${words}`);
        };
        check(plan, incident, must);
      }
      assert.equal(new Set(plan.incidents.map(({ incident }) => incident)).size, plan.incidents.length);
    }
  });
}

test('a company of thousands is planned in a moment', () => {
  const began = performance.now();
  const plan = planLogins({ seed: 1, users: 3000, days: 30, attacks: 500 });
  assert.equal(plan.incidents.length, 500);
  assert.equal(new Set(plan.people.map(({ name }) => name)).size, 3000);
  assert.ok(performance.now() - began < 5000);
});
