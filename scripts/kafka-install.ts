/**
 * Puts an Apache Kafka broker's Java packages into .ci/cache/kafka (or $SCOPS_KAFKA_HOME), for the tests in test/e2e.
 * Run: node scripts/kafka-install.ts
 * Needs Java 17 or newer and Maven; on Debian: apt-get install maven default-jre-headless. Offline once it has run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { brokerHome, brokerInstalled } from '../test/support/kafka-broker.ts';

const pom = join(import.meta.dirname, 'kafka-install.pom.xml');
const home = brokerHome();

if (brokerInstalled(home)) {
  console.log(`Apache Kafka is already in ${home}.`);
  process.exit(0);
}
for (const [command, flag] of [
  ['java', '-version'],
  ['mvn', '--version'],
] as const) {
  if (spawnSync(command, [flag]).status === 0) continue;
  console.error(`"${command}" is missing. On Debian: apt-get install maven default-jre-headless`);
  process.exit(1);
}
if (existsSync(home) && readdirSync(home).length > 0) {
  console.error(`${home} is in use for something else; choose an empty folder.`);
  process.exit(1);
}
const part = `${resolve(home)}.part`;
rmSync(part, { recursive: true, force: true });
mkdirSync(dirname(part), { recursive: true });
const copied = spawnSync(
  'mvn',
  ['-B', '-q', '--strict-checksums', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${part}`],
  { stdio: 'inherit' },
);
if (copied.status !== 0 || !existsSync(part)) {
  console.error('Maven could not fetch the packages; its own words are above.');
  process.exit(1);
}
if (existsSync(home)) rmdirSync(home);
renameSync(part, home);
console.log(`Apache Kafka is in ${home}: ${readdirSync(home).length} packages.`);
