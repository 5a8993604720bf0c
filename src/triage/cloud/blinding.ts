import type { Event, Reason } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { parse, unwrap } from '../../text/aws/envelope.ts';
import { utc } from '../../text/finding.ts';
import { child, string } from '../../text/wazuh/values.ts';
import { callOf } from './call.ts';

const hour = 3_600_000;
/** So long before and after what a finding is about, blinding counts. */
const around = 24 * hour;
const succeeded = 3;
const failed = 1;
/** What a principal does as a matter of course counts a third. */
const usual = 1 / 3;
const mostNats = 6;
const mostPrincipals = 4096;
const mostOfPrincipal = 256;
const longestBucket = 64;

/** Calls that take sight from the defenders, by service. */
const blinding: ReadonlyMap<string, { readonly what: string; readonly actions: ReadonlySet<string> }> = new Map(
  (
    [
      [
        'cloudtrail',
        'CloudTrail',
        'StopLogging DeleteTrail UpdateTrail PutEventSelectors DeleteEventDataStore StopEventDataStoreIngestion UpdateEventDataStore',
      ],
      [
        'guardduty',
        'GuardDuty',
        'DeleteDetector UpdateDetector CreateIPSet UpdateIPSet CreateFilter UpdateFilter ArchiveFindings DeletePublishingDestination UpdatePublishingDestination StopMonitoringMembers DisassociateMembers DeleteMembers DisassociateFromMasterAccount DisassociateFromAdministratorAccount UpdateMemberDetectors DisableOrganizationAdminAccount',
      ],
      ['ec2', 'VPC flow logs', 'DeleteFlowLogs'],
      ['config', 'AWS Config', 'StopConfigurationRecorder DeleteConfigurationRecorder DeleteDeliveryChannel'],
      [
        'securityhub',
        'Security Hub',
        'DisableSecurityHub DisassociateMembers DeleteMembers DisassociateFromMasterAccount DisassociateFromAdministratorAccount BatchDisableStandards DisableImportFindingsForProduct',
      ],
      [
        's3',
        'the bucket of logs',
        'PutBucketPolicy DeleteBucketPolicy PutBucketLifecycle PutBucketLifecycleConfiguration PutBucketLogging DeleteBucket',
      ],
    ] as const
  ).map(([service, what, actions]) => [service, { what, actions: new Set(actions.split(' ')) }]),
);

interface Blinded {
  readonly time: number;
  readonly what: string;
  readonly action: string;
  readonly nats: number;
  readonly refused: boolean;
  readonly ordinary: boolean;
}

/** Remembers who stopped or changed what the defenders see by. */
export class Blinding {
  readonly #principals = new Map<string, Blinded[]>();

  /** @param value What the model says of the call: below 0 it is the principal's ordinary work. */
  add(event: Event, value: number): void {
    const { principal, action } = callOf(event);
    if (principal === undefined || action === undefined) return;
    const service = text(event, 'event.provider')?.replace(/\.amazonaws\.com(?:\.cn)?$/, '') ?? '';
    const kind = blinding.get(service);
    if (kind?.actions.has(action) !== true) return;
    const bucket = service === 's3' ? logBucket(event) : '';
    if (bucket === undefined) return;
    const own = this.#principals.get(principal) ?? [];
    if (own.length >= mostOfPrincipal || (own.length === 0 && this.#principals.size >= mostPrincipals)) return;
    const refused = event.fields['event.outcome'] === 'failure';
    const ordinary = value < 0;
    const nats = (refused ? failed : succeeded) * (ordinary ? usual : 1);
    const what = bucket === '' ? kind.what : `${kind.what} ${bucket.slice(0, longestBucket)}`;
    own.push({ time: event.time, what, action, nats, refused, ordinary });
    this.#principals.set(principal, own);
  }

  /**
   * What a principal did to the defenders' sight within a day of a time span: 3 nats for each thing changed, 1 where it was
   * refused, a third of that where the model knows it as ordinary for the principal; at most 6.
   */
  reason(principal: string | undefined, from: number, to: number): Reason | undefined {
    const near = (this.#principals.get(principal ?? '') ?? []).filter(
      ({ time }) => time >= from - around && time <= to + around,
    );
    const gravest = new Map<string, Blinded>();
    for (const each of near) if (each.nats > (gravest.get(each.what)?.nats ?? 0)) gravest.set(each.what, each);
    const all = [...gravest.values()].sort((a, b) => b.nats - a.nats || a.time - b.time);
    const [worst] = all;
    if (worst === undefined) return undefined;
    const others = all.length === 1 ? '' : `, and something of ${all.slice(1, 4).map(({ what }) => what).join(', ')}`; // biome-ignore format: one sentence
    const nats = Math.min(
      mostNats,
      all.reduce((sum, each) => sum + each.nats, 0),
    );
    const did = worst.refused ? `tried ${worst.action} on` : `called ${worst.action} on`;
    const end = worst.refused ? ', and was refused' : worst.ordinary ? ', as it does at other times too' : '';
    return {
      code: 'blinding',
      text: `The same actor ${did} ${worst.what} at ${utc(worst.time)}${others}${end}: whoever does that may be hiding the rest.`,
      evidence: { nats, calls: near.length, action: worst.action, time: utc(worst.time) },
    };
  }
}

/** The bucket that a call is about, when its name says that it holds logs. */
function logBucket({ raw }: Event): string | undefined {
  const outer = parse(raw);
  if (outer === undefined) return undefined;
  const bucket = string(child(unwrap(outer).record, 'requestParameters'), 'bucketName');
  return bucket !== undefined &&
    /trail|guardduty|flow-?logs?|audit|(?:^|[-.])logs?(?:$|[-.])/i.test(bucket.slice(0, 255))
    ? bucket
    : undefined;
}
