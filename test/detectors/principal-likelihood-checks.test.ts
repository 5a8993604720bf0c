import { test } from 'node:test';
import type { Event } from '../../src/event/index.ts';
import { type DetectorSample, detectorChecks } from '../../src/testing/index.ts';
import { agents, call, day, detector, hour, monday, places, session, weeks, who } from '../support/principals.ts';

const all = weeks(3);
const next = monday + 21 * day + 9 * hour;

/** Credentials of several principals in the wrong hands. */
const stolen = [who.web(), who.deployer(), who.developer('ann'), who.user('eve')].flatMap((whose, at): Event[] =>
  ['sts:GetCallerIdentity', 'iam:CreateUser', 's3:ListBuckets', 'ec2:RunInstances'].map((api, step) =>
    call(next + at * hour + step, api, whose, places.vps, session(`S${at}`, next), {
      'user_agent.original': agents.kali,
    }),
  ),
);

const sample: DetectorSample = {
  ordinary: all.slice(0, 1800),
  fresh: all.slice(1800, 2400),
  strange: stolen,
};

for (const check of detectorChecks)
  test(`principal-likelihood on API calls ${check.name}`, () => check.run(() => detector(), sample));
