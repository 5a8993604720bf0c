/**
 * Actions that intruders are known for, by what they are after (MITRE ATT&CK's tactics for IaaS). Not forbidden, and for
 * many principals daily work: they weigh more where they are new to one.
 * https://attack.mitre.org/matrices/enterprise/cloud/iaas/
 */
const byTactic: Readonly<Record<string, string>> = {
  persistence:
    'AddUserToGroup CreateAccessKey CreateLoginProfile CreateOpenIDConnectProvider CreateRole CreateSAMLProvider CreateUser CreateVirtualMFADevice DeactivateMFADevice EnableMFADevice ImportKeyPair CreateKeyPair UpdateAssumeRolePolicy UpdateLoginProfile UploadSSHPublicKey CreateTrustAnchor CreateProfile UpdateAccessKey',
  'privilege escalation':
    'AddRoleToInstanceProfile AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreatePolicyVersion PutGroupPolicy PutRolePolicy PutUserPolicy SetDefaultPolicyVersion AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary',
  'defence evasion':
    'ArchiveFindings CreateFilter DeleteConfigRule DeleteConfigurationRecorder DeleteDetector DeleteEventDataStore DeleteFlowLogs DeleteInvitations DeleteIPSet DeleteLogGroup DeleteLogStream DeleteMembers DeletePublishingDestination DeleteTrail DeleteWebACL DisableSecurityHub DisassociateFromMasterAccount DisassociateMembers LeaveOrganization PutBucketLifecycle PutBucketLifecycleConfiguration PutEventSelectors StopConfigurationRecorder StopLogging StopMonitoringMembers UpdateDetector UpdateIPSet CreateIPSet UpdatePublishingDestination UpdateTrail',
  'credential access':
    'BatchGetSecretValue GetFederationToken GetParametersByPath GetPasswordData GetSecretValue GetSessionToken ListSecrets DescribeSecret GetCredentialReport',
  execution:
    'CreateFunction20150331 CreateFunction SendCommand SendSSHPublicKey SendSerialConsoleSSHPublicKey StartSession UpdateFunctionCode20150331v2 UpdateFunctionConfiguration20150331v2 RunInstances ModifyInstanceAttribute ExecuteCommand InvokeModel',
  exfiltration:
    'CopySnapshot CreateDBSnapshot ModifyDBSnapshotAttribute ModifyDBClusterSnapshotAttribute ModifyImageAttribute ModifySnapshotAttribute PutBucketAcl PutBucketPolicy PutBucketReplication RestoreDBInstanceFromDBSnapshot SharedSnapshotCopyInitiated StartExportTask CreateInstanceExportTask AddPermission20150331v2 AuthorizeSecurityGroupIngress DeleteBucketPolicy DeletePublicAccessBlock PutBucketPublicAccessBlock PutAccountPublicAccessBlock',
  impact:
    'CancelKeyDeletion DeleteAccountPublicAccessBlock DeleteBucket DeleteDBCluster DeleteDBInstance DeleteObjects DeleteSnapshot DisableKey PutBucketEncryption PutBucketVersioning ScheduleKeyDeletion TerminateInstances VerifyEmailIdentity UpdateAccountSendingEnabled',
  discovery:
    'GetCallerIdentity ListBuckets ListUsers ListRoles GetAccountAuthorizationDetails SimulatePrincipalPolicy GetSendQuota GetAccountSummary ListAccessKeys ListFoundationModels',
};

const tactics: ReadonlyMap<string, string> = new Map(
  Object.entries(byTactic).flatMap(([tactic, actions]) =>
    actions.split(' ').map((action) => [action, tactic] as const),
  ),
);

/** What an action (`iam.amazonaws.com:CreateUser`) may be after; undefined for one that says nothing by itself. */
export const tacticOf = (action: string): string | undefined => tactics.get(action.slice(action.indexOf(':') + 1));

const reads =
  /^(?:BatchGet|Check|Describe|Detect|Discover|Download|Estimate|Filter|Find|Get|Head|List|Lookup|Preview|Query|Read|Scan|Search|Select|Simulate|Test|Validate|Verify|View|login|logon|ssh)/;

/** Whether an action changes something, as far as its name tells. */
export const isWrite = (api: string): boolean => api !== '' && !reads.test(api);
