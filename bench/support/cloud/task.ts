import assert from 'node:assert/strict';
import type { Event } from '../../../src/event/index.ts';
import { type FindingTruth, type SimulatedCloud, simulateCloud } from '../../../src/simulate/cloud.ts';
import { cloudTrailRecord } from '../../../src/text/aws/cloudtrail/record.ts';
import { guardDutyFindings } from '../../../src/text/aws/guardduty/finding.ts';
import { FindingMerge } from '../../../src/text/aws/guardduty/merge.ts';
import { createCidrSet } from '../../../src/text/ip.ts';
import type { RankingTask } from './peers/method.ts';

/** A simulated company's findings to rank, with what each really is. */
export interface LabelledTask extends RankingTask {
  /** Of each finding, in their order. */
  readonly truth: readonly FindingTruth[];
  /** The attacks of which there is a finding. */
  readonly incidents: number;
}

/** The organisation of a seed, as whose files somebody would read with a database of networks. */
export function taskOf(seed: number): LabelledTask {
  const cloud = simulateCloud({ seed });
  const known = facts(cloud);
  const truths = new Map(cloud.truth.findings.map((truth) => [truth.id, truth]));
  const findings = findingsOf(cloud).map(known);
  const truth = findings.map(({ id, fields }) => {
    return truths.get(String(fields['aws.finding.id'])) ?? assert.fail(`no label for finding ${id}`);
  });
  return {
    seed,
    trail: [...eventsOf(cloud, known)],
    findings,
    truth,
    incidents: new Set(truth.filter(({ label }) => label === 'attack').map(({ incident }) => incident)).size,
  };
}

function* eventsOf({ records }: SimulatedCloud, known: (event: Event) => Event): Generator<Event> {
  for (const record of records) {
    const read = cloudTrailRecord(record, JSON.stringify(record));
    assert.ok(!('reason' in read));
    if (read.event !== undefined) yield known(read.event);
  }
}

/** Each once, as it stands at the end; none of the samples. */
function findingsOf({ findings }: SimulatedCloud): readonly Event[] {
  const merge = new FindingMerge();
  for (const finding of findings) {
    for (const read of guardDutyFindings(finding, JSON.stringify(finding))) {
      assert.ok(!('reason' in read));
      if (!read.sample) merge.add(read.event);
    }
  }
  return merge.end();
}

/** Adds whose network an address is of and in which country, as the enrichers asn and geo do. */
function facts({ networks }: SimulatedCloud): (event: Event) => Event {
  const set = createCidrSet(
    networks.map(({ cidr, asn, name, country }) => {
      const fields = {
        'source.as.number': asn,
        'source.as.organization.name': name,
        'source.geo.country_iso_code': country,
      };
      return [cidr, fields] as const;
    }),
  );
  return (event) => {
    const ip = event.fields['source.ip'];
    const found = typeof ip === 'string' ? set.find(ip) : undefined;
    return found === undefined ? event : { ...event, fields: { ...found, ...event.fields } };
  };
}
