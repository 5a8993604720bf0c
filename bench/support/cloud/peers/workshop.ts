import {
  type Hyperparameters,
  type IpInsights,
  Trainer,
  tutorial,
} from '../../../../src/algorithms/ip-insights/index.ts';
import type { Event } from '../../../../src/event/index.ts';
import { parse, unwrap } from '../../../../src/text/aws/envelope.ts';
import { addressWords } from '../../../../src/text/entity-ip.ts';
import { murmur3 } from '../../../../src/text/hashing.ts';
import { child, type Json, string } from '../../../../src/text/wazuh/values.ts';
import type { RankingMethod, RankingTask } from './method.ts';

/** Of the workshop's notebook; what it does not name has the tutorial's value. */
const hyper: Hyperparameters = { ...tutorial, shuffledNegativeSamplingRate: 1, batchMetricsPublishInterval: 1e9 };

const row = (entity: string): number => (murmur3(entity) >>> 0) % hyper.numEntityVectors;

/** Only IPv4 can be judged by Amazon's algorithm. */
function ipv4(address: string | undefined): number | undefined {
  const words = address === undefined ? undefined : addressWords(address);
  return words?.length === 1 ? words[0] : undefined;
}

const recordOf = (raw: string): Json => unwrap(parse(raw) ?? {}).record;

/** `principalId.split(':')[0]` and the address, of every record that has both and was not sent by a service. */
function train({ trail, seed }: RankingTask): IpInsights {
  const entities: number[] = [];
  const addresses: number[] = [];
  for (const { raw } of trail) {
    const record = recordOf(raw);
    const principal = string(child(record, 'userIdentity'), 'principalId')?.split(':')[0];
    const address = ipv4(string(record, 'sourceIPAddress'));
    if (principal === undefined || address === undefined) continue;
    entities.push(row(principal));
    addresses.push(address);
  }
  const v4 = { entities: Uint32Array.from(entities), addresses: Uint32Array.from(addresses) };
  const trainer = new Trainer({ v4 }, hyper, seed);
  for (const _ of trainer.run());
  return trainer.model();
}

/** The finding's own principalId and remote address, where the workshop's second script finds them. */
function tupleOf({ raw }: Event): { readonly principal: string; readonly address: number } | undefined {
  const finding = recordOf(raw);
  const action = child(child(finding, 'service'), 'action');
  const principal = string(child(child(finding, 'resource'), 'accessKeyDetails'), 'principalId');
  const address = ipv4(string(child(child(action, 'awsApiCallAction'), 'remoteIpDetails'), 'ipAddressV4'));
  return principal === undefined || address === undefined ? undefined : { principal, address };
}

const trained = new WeakMap<RankingTask, IpInsights>();

/** Findings without a pair get no score there and are read last. */
const last = -1e9;

function method(name: string, keyOf: (principal: string) => string): RankingMethod {
  return {
    name,
    scores(task) {
      const model = trained.get(task) ?? train(task);
      trained.set(task, model);
      return task.findings.map((finding) => {
        const tuple = tupleOf(finding);
        return tuple === undefined ? last : -model.dotProduct(row(keyOf(tuple.principal)), tuple.address);
      });
    },
  };
}

/**
 * The re:Invent workshop SEC405 step by step: IP Insights on all pairs of the trail, the findings' own among them; a
 * finding's pair keyed by `principalId` as it is, which for a role holds the session and so was never trained.
 * https://github.com/aws-samples/aws-security-workshops/tree/master/detection-ml-wksp
 */
export const workshop = method("Amazon's workshop as published", (principal) => principal);

/** The same with the finding's key cut as the trail's are. */
export const workshopRepaired = method(
  "Amazon's workshop with its keys repaired",
  (principal) => principal.split(':')[0] as string,
);
