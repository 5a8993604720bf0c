import type { Event, Reason } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { parse, unwrap } from '../../text/aws/envelope.ts';
import { utc } from '../../text/finding.ts';
import { child, string } from '../../text/wazuh/values.ts';
import { callOf, ownerOf } from './call.ts';

const day = 86_400_000;
/** So long before and after what a finding is about, blinding counts. */
const around = day;
const succeeded = 3;
const failed = 1;
/** Whoever works with findings archives some. */
const archiving = 1;
/** What the score rests on already, as the strangest call, counts half. */
const already = 1 / 2;
const mostNats = 4;
const mostOwners = 4096;
const mostOfOwner = 256;
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
  readonly refused: boolean;
}

/** Remembers who stopped or changed what the defenders see by; of a day, the first such call of a kind. */
export class Blinding {
  readonly #owners = new Map<string, Map<string, Blinded>>();

  add(event: Event): void {
    const { principal, action } = callOf(event);
    if (principal === undefined || action === undefined) return;
    const service = text(event, 'event.provider')?.replace(/\.amazonaws\.com(?:\.cn)?$/, '') ?? '';
    const kind = blinding.get(service);
    if (kind?.actions.has(action) !== true) return;
    const bucket = service === 's3' ? logBucket(event) : '';
    if (bucket === undefined) return;
    const owner = ownerOf(event);
    const own = this.#owners.get(owner) ?? new Map<string, Blinded>();
    if (own.size === 0 && this.#owners.size >= mostOwners) return;
    const refused = event.fields['event.outcome'] === 'failure';
    const what = bucket === '' ? kind.what : `${kind.what} ${bucket.slice(0, longestBucket)}`;
    const once = JSON.stringify([Math.floor(event.time / day), what, action, refused]);
    if (!own.has(once)) {
      if (own.size >= mostOfOwner) dropOne(own);
      own.set(once, { time: event.time, what, action, refused });
    }
    this.#owners.set(owner, own);
  }

  /**
   * What the actors of an incident did to the defenders' sight within a day of a time span: 3 nats for each thing changed,
   * 1 where it was refused or was but archiving; shared among the days on which the same actor did the same before, the
   * first of them counting twice; half where the `strangest` call is one of those. At most 4.
   */
  reason(owners: ReadonlySet<string>, strangest: Event | undefined, from: number, to: number): Reason | undefined {
    const all = [...owners].flatMap((owner) => gravest([...(this.#owners.get(owner)?.values() ?? [])], from, to));
    all.sort((a, b) => b.nats - a.nats || a.time - b.time);
    const [worst] = all;
    if (worst === undefined) return undefined;
    const others = all.length === 1 ? '' : `, and something of ${all.slice(1, 4).map(({ what }) => what).join(', ')}`; // biome-ignore format: one sentence
    const same = strangest === undefined ? undefined : callOf(strangest).action;
    const sum = all.reduce((nats, each) => nats + each.nats * (each.action === same ? already : 1), 0);
    const did = worst.refused ? `tried ${worst.action} on` : `called ${worst.action} on`;
    const end = worst.refused ? ', and was refused' : '';
    const { before } = worst;
    const why =
      before > 0
        ? `as it did on ${before} ${before === 1 ? 'day' : 'days'} before`
        : 'whoever does that may be hiding the rest';
    return {
      code: 'blinding',
      text: `The same actor ${did} ${worst.what} at ${utc(worst.time)}${others}${end}: ${why}.`,
      evidence: {
        nats: Math.min(mostNats, sum),
        calls: all.length,
        action: worst.action,
        time: utc(worst.time),
        'days before': before,
      },
    };
  }
}

/** The oldest that was refused, if any: whoever may do nothing can still be refused as often as they like. */
function dropOne(own: Map<string, Blinded>): void {
  const [oldest] = own.keys();
  const [refused] = [...own].find(([, each]) => each.refused) ?? [oldest];
  if (refused !== undefined) own.delete(refused);
}

type Weighed = Blinded & { readonly nats: number; readonly before: number };

/** Of each thing that was changed near a time span the gravest call, weighed by how often it was made on days before. */
function gravest(own: readonly Blinded[], from: number, to: number): Weighed[] {
  const found = new Map<string, Weighed>();
  for (const each of own) {
    const { time, what, action, refused } = each;
    if (time < from - around || time > to + around) continue;
    const before = own.filter(
      (past) => past.time < from - around && past.what === what && past.action === action,
    ).length;
    const whole = refused ? failed : action === 'ArchiveFindings' ? archiving : succeeded;
    const nats = whole / (1 + 2 * before);
    if (nats > (found.get(what)?.nats ?? 0)) found.set(what, { ...each, nats, before });
  }
  return [...found.values()];
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
