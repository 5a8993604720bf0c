import { apiOf } from './apis.ts';

/**
 * Severities that GuardDuty gives to all findings of a type: 2 stands for low, 5 for medium, 8 for high.
 * https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html
 * https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
 */
const severities: Readonly<Record<string, number>> = {
  'CredentialAccess:IAMUser/AnomalousBehavior': 5,
  'DefenseEvasion:IAMUser/AnomalousBehavior': 5,
  'Discovery:IAMUser/AnomalousBehavior': 2,
  'Exfiltration:IAMUser/AnomalousBehavior': 8,
  'Impact:IAMUser/AnomalousBehavior': 8,
  'InitialAccess:IAMUser/AnomalousBehavior': 5,
  'Persistence:IAMUser/AnomalousBehavior': 5,
  'PrivilegeEscalation:IAMUser/AnomalousBehavior': 5,
  'PenTest:IAMUser/KaliLinux': 5,
  'Policy:IAMUser/RootCredentialUsage': 2,
  'Recon:IAMUser/MaliciousIPCaller': 5,
  'Recon:IAMUser/MaliciousIPCaller.Custom': 5,
  'Recon:IAMUser/TorIPCaller': 5,
  'Stealth:IAMUser/CloudTrailLoggingDisabled': 2,
  'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B': 5,
  'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS': 8,
  'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS': 8,
  'UnauthorizedAccess:IAMUser/MaliciousIPCaller': 5,
  'UnauthorizedAccess:IAMUser/TorIPCaller': 5,
  'Discovery:S3/AnomalousBehavior': 2,
  'Exfiltration:S3/AnomalousBehavior': 8,
  'Impact:S3/AnomalousBehavior.Permission': 8,
  'Impact:S3/AnomalousBehavior.Write': 5,
  'Policy:S3/BucketBlockPublicAccessDisabled': 2,
  'Recon:EC2/PortProbeUnprotectedPort': 2,
  'UnauthorizedAccess:EC2/SSHBruteForce': 2,
  'UnauthorizedAccess:EC2/RDPBruteForce': 2,
  'Behavior:EC2/NetworkPortUnusual': 5,
  'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom': 5,
  'CryptoCurrency:EC2/BitcoinTool.B!DNS': 8,
};

/** The severity of every finding of a type. */
export function severityOf(type: string): number {
  const severity = severities[type];
  if (severity === undefined) throw new RangeError(`No severity is known for ${type}.`);
  return severity;
}

const tactics: readonly (readonly [tactic: string, apis: RegExp])[] = [
  ['CredentialAccess', /^(?:GetSecretValue|GetPasswordData|GenerateDbAuthToken|GetClusterCredentials)$/],
  [
    'DefenseEvasion',
    /^(?:StopLogging|DeleteTrail|PutEventSelectors|DeleteFlowLogs|DeleteDetector|UpdateDetector|UpdateIPSet|ArchiveFindings)$/,
  ],
  ['Exfiltration', /^(?:CreateSnapshot|ModifySnapshotAttribute|CreateDBSnapshot|PutBucketReplication)$/],
  ['Impact', /^(?:RunInstances|TerminateInstances|StopInstances|DeleteSecurityGroup|UpdateUser|PutBucketPolicy)$/],
  [
    'InitialAccess',
    /^(?:StartSession|GetAuthorizationToken|GetFederationToken|GetRoleCredentials|AssumeRole.*|SendCommand|ExecuteCommand)$/,
  ],
  [
    'PrivilegeEscalation',
    /^(?:AttachUserPolicy|AttachRolePolicy|PutRolePolicy|PutUserPolicy|AddUserToGroup|CreatePolicyVersion|UpdateAssumeRolePolicy|DeleteRolePolicy)$/,
  ],
];

/**
 * The type that GuardDuty reports a call as, if it finds it anomalous: its tactic goes by the API alone, and the contents
 * of buckets have types of their own. https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html
 */
export function anomalyOf(short: string): string {
  const { service, name, readOnly, data } = apiOf(short);
  if (service === 's3' && data) {
    if (name === 'GetObject') return 'Exfiltration:S3/AnomalousBehavior';
    return readOnly ? 'Discovery:S3/AnomalousBehavior' : 'Impact:S3/AnomalousBehavior.Write';
  }
  if (service === 's3' && name === 'PutBucketPolicy') return 'Impact:S3/AnomalousBehavior.Permission';
  const tactic = tactics.find(([, apis]) => apis.test(name))?.[0] ?? (readOnly ? 'Discovery' : 'Persistence');
  return `${tactic}:IAMUser/AnomalousBehavior`;
}
