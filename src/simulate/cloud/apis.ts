/** An API, as CloudTrail writes of it. */
export interface Api {
  readonly service: string;
  readonly name: string;
  readonly readOnly: boolean;
  /** On the contents of buckets, tables and functions: in a trail only where asked for. */
  readonly data: boolean;
  /** In one region for all, us-east-1. */
  readonly global: boolean;
  /** As on a command line: `ec2.run-instances`. */
  readonly command: string;
}

const reads =
  /^(?:Get|List|Describe|Head|Lookup|Search|BatchGet|Query|Scan|Select|Simulate|Assume|Decrypt|GenerateDataKey|Filter|Authenticate|Federate|TestEventPattern)/;
const dataApis = new Set(
  's3:GetObject s3:PutObject s3:DeleteObject s3:HeadObject s3:ListObjects lambda:Invoke dynamodb:GetItem dynamodb:PutItem'.split(
    ' ',
  ),
);
const globals = new Set('iam organizations route53 cloudfront health ce support'.split(' '));
const known = new Map<string, Api>();

/** An API by its short name, `ec2:RunInstances`. */
export function apiOf(short: string): Api {
  let api = known.get(short);
  if (api === undefined) {
    const [service = '', name = ''] = short.split(':');
    const command = `${service}.${name.replace(/([a-z\d])([A-Z])/g, '$1-$2').toLowerCase()}`;
    const readOnly = reads.test(name);
    api = { service, name, readOnly, data: dataApis.has(short), global: globals.has(service), command };
    known.set(short, api);
  }
  return api;
}

/** `service: Name Name=weight; service: …` to names with weights. */
function table(text: string): readonly (readonly [api: string, weight: number])[] {
  return text.split(';').flatMap((line) => {
    const [service = '', ...names] = line.trim().split(/\s+/);
    return names.map((word) => {
      const [name, weight = '1'] = word.split('=');
      return [`${service.slice(0, -1)}:${name}`, Number(weight)] as const;
    });
  });
}

/** What people and programs do by habit, and how often beside one another. */
export const habits = {
  developer: table(`ec2: DescribeInstances=6 DescribeSecurityGroups=2 DescribeVpcs DescribeSubnets DescribeImages;
    logs: DescribeLogGroups=4 FilterLogEvents=9 GetLogEvents=7 DescribeLogStreams=3 StartQuery=3 GetQueryResults=4;
    lambda: ListFunctions20150331=4 GetFunction20150331v2=4 UpdateFunctionCode20150331v2 UpdateFunctionConfiguration20150331v2;
    ecs: ListClusters=2 DescribeServices=4 ListTasks=3 DescribeTasks=3 UpdateService ExecuteCommand=0.3;
    s3: ListBuckets=3 GetBucketLocation=2 ListObjects=4 GetObject=5 PutObject=2; cloudformation: DescribeStacks=4 ListStacks=2 DescribeStackEvents;
    dynamodb: ListTables=2 DescribeTable=3; sqs: ListQueues=2 GetQueueAttributes=3; secretsmanager: ListSecrets=0.6 GetSecretValue=1;
    ssm: GetParameter=3 DescribeParameters StartSession=0.3; ecr: DescribeRepositories=2 GetAuthorizationToken=3 DescribeImages;
    sts: GetCallerIdentity=3; kms: ListAliases; iam: ListRoles=0.8 GetRole=0.8; monitoring: DescribeAlarms=2 GetMetricData=4 ListMetrics=2`),
  platform:
    table(`ec2: DescribeInstances=7 DescribeSecurityGroups=4 DescribeVpcs=2 DescribeSubnets=2 DescribeVolumes DescribeSnapshots
    AuthorizeSecurityGroupIngress=0.6 RevokeSecurityGroupIngress=0.3 RunInstances=0.3 TerminateInstances=0.3 StopInstances=0.3 CreateTags;
    iam: ListRoles=3 ListUsers=2 GetRole=2 ListAttachedRolePolicies=2 ListPolicies GetPolicy AttachRolePolicy=0.3 CreateRole=0.2 PutRolePolicy=0.3 ListAccessKeys=0.6 CreateAccessKey=0.05;
    eks: DescribeCluster=3 ListClusters=2 ListNodegroups; ecs: DescribeServices=3 ListTasks=2; rds: DescribeDBInstances=3 DescribeDBSnapshots CreateDBSnapshot=0.4;
    s3: ListBuckets=4 GetBucketPolicy=2 GetBucketAcl GetBucketLocation=2 PutBucketPolicy=0.2 GetObject=2; cloudtrail: DescribeTrails LookupEvents=3 GetTrailStatus GetEventSelectors=0.4;
    guardduty: ListDetectors=0.6 ListFindings GetFindings; organizations: DescribeOrganization=0.5 ListAccounts=0.6; kms: ListKeys DescribeKey=2;
    logs: DescribeLogGroups=3 FilterLogEvents=5 StartQuery=2 GetQueryResults=3; route53: ListHostedZones ListResourceRecordSets=2 ChangeResourceRecordSets=0.5;
    sts: GetCallerIdentity=4 AssumeRole=1; elasticloadbalancing: DescribeLoadBalancers=3 DescribeTargetHealth=3; ssm: StartSession=1 DescribeInstanceInformation=2 SendCommand=0.3;
    autoscaling: DescribeAutoScalingGroups=3 UpdateAutoScalingGroup=0.4; monitoring: GetMetricData=5 DescribeAlarms=3; health: DescribeEventAggregates=3`),
  analyst:
    table(`athena: StartQueryExecution=8 GetQueryExecution=10 GetQueryResults=8 ListWorkGroups=2 ListDataCatalogs; glue: GetTables=5 GetTable=5 GetDatabases=4 GetPartitions=4;
    s3: ListBuckets=3 ListObjects=6 GetObject=18 PutObject=4 GetBucketLocation=4; redshift: DescribeClusters=2 GetClusterCredentials=1; quicksight: ListDashboards DescribeDashboard=2;
    kms: Decrypt=3; sts: GetCallerIdentity=2; sagemaker: ListNotebookInstances CreatePresignedNotebookInstanceUrl=0.5`),
  security:
    table(`guardduty: ListFindings=6 GetFindings=6 ListDetectors=3 GetDetector=2 ArchiveFindings=1 UpdateFindingsFeedback=0.4 ListIPSets=0.5;
    cloudtrail: LookupEvents=7 DescribeTrails=3 GetTrailStatus=2 GetEventSelectors=2; iam: ListUsers=3 ListRoles=3 GetAccountSummary=2 ListAccessKeys=3 GetAccessKeyLastUsed=3 GetCredentialReport GetAccountAuthorizationDetails=0.5;
    securityhub: GetFindings=5 GetEnabledStandards; config: DescribeConfigRules=2 GetComplianceDetailsByConfigRule=2; inspector2: ListFindings=2; access-analyzer: ListFindings=2;
    s3: ListBuckets=2 GetBucketPolicy=2 GetBucketPublicAccessBlock=2 GetObject=3; ec2: DescribeInstances=4 DescribeSecurityGroups=4 DescribeFlowLogs; athena: StartQueryExecution=3 GetQueryExecution=4 GetQueryResults=3;
    sts: GetCallerIdentity=2; organizations: ListAccounts=1`),
  office:
    table(`ce: GetCostAndUsage=9 GetCostForecast=3 GetDimensionValues=3; organizations: ListAccounts=2 DescribeOrganization; health: DescribeEventAggregates=4;
    s3: ListBuckets=2 GetObject=2 ListObjects=2; support: DescribeCases=3 DescribeSeverityLevels; budgets: DescribeBudgets=3; monitoring: DescribeAlarms=3 GetMetricData=4; logs: FilterLogEvents=4 DescribeLogGroups=3;
    cur: DescribeReportDefinitions; sts: GetCallerIdentity`),
  web: table(
    `s3: GetObject=9 PutObject=3; secretsmanager: GetSecretValue=1; ssm: GetParameter=3 UpdateInstanceInformation=5; sqs: GetQueueUrl=2; dynamodb: DescribeTable=2; kms: Decrypt=2 GenerateDataKey`,
  ),
  worker: table(
    `sqs: GetQueueUrl=3 GetQueueAttributes=3; s3: GetObject=8 PutObject=8 ListObjects=2; kms: Decrypt=3 GenerateDataKey=3; ssm: UpdateInstanceInformation=6; monitoring: PutMetricData=2; ec2: DescribeTags=2 DescribeInstances`,
  ),
  deploy:
    table(`ecr: GetAuthorizationToken=2 BatchGetImage=3 InitiateLayerUpload=3 UploadLayerPart=3 PutImage=2; ecs: RegisterTaskDefinition=2 UpdateService=2 DescribeServices=6; lambda: UpdateFunctionCode20150331v2=2 PublishVersion20150331=1 GetFunction20150331v2=2;
    s3: PutObject=6 ListObjects=2; cloudfront: CreateInvalidation=1 GetInvalidation=2; cloudformation: DescribeStacks=3 CreateChangeSet=1 ExecuteChangeSet=1 DescribeChangeSet=2; sts: GetCallerIdentity=2`),
  terraform:
    table(`ec2: DescribeVpcs=3 DescribeSubnets=4 DescribeSecurityGroups=6 DescribeSecurityGroupRules=4 DescribeRouteTables=3 DescribeInstances=3 DescribeLaunchTemplates=2 AuthorizeSecurityGroupIngress=0.5 RevokeSecurityGroupIngress=0.4 CreateSecurityGroup=0.2;
    iam: GetRole=6 GetPolicy=4 ListRolePolicies=4 ListAttachedRolePolicies=5 GetPolicyVersion=3 CreateRole=0.3 PutRolePolicy=0.4 AttachRolePolicy=0.5 UpdateAssumeRolePolicy=0.2 CreatePolicyVersion=0.3 DeleteRolePolicy=0.2;
    s3: GetBucketPolicy=3 GetBucketAcl=3 GetBucketVersioning=3 GetBucketPublicAccessBlock=2 PutBucketPolicy=0.2 GetObject=2 PutObject=1; kms: DescribeKey=3 GetKeyPolicy=2; lambda: GetFunction20150331v2=3; rds: DescribeDBInstances=2;
    route53: ListResourceRecordSets=2 ChangeResourceRecordSets=0.3; logs: DescribeLogGroups=3; cloudtrail: DescribeTrails=0.5 GetTrailStatus=0.4 GetEventSelectors=0.4; dynamodb: DescribeTable=1; sts: GetCallerIdentity=2`),
  scanner:
    table(`ec2: DescribeInstances=5 DescribeSecurityGroups=5 DescribeVolumes=4 DescribeSnapshots=4 DescribeImages=3 DescribeNetworkAcls=3 DescribeVpcs=3 DescribeFlowLogs=3 DescribeRegions=1 GetEbsEncryptionByDefault=2 GetPasswordData=0.3;
    iam: ListUsers=3 ListRoles=3 ListPolicies=3 GetAccountPasswordPolicy=2 GenerateCredentialReport GetCredentialReport ListAccessKeys=5 ListMFADevices=5 ListAttachedUserPolicies=4 GetAccountAuthorizationDetails=1 GetAccountSummary;
    s3: ListBuckets=2 GetBucketPolicy=6 GetBucketAcl=6 GetBucketLogging=5 GetBucketVersioning=5 GetBucketEncryption=5 GetBucketPublicAccessBlock=5; rds: DescribeDBInstances=3 DescribeDBSnapshots=3; kms: ListKeys=2 GetKeyRotationStatus=5 GetKeyPolicy=3;
    cloudtrail: DescribeTrails=2 GetTrailStatus=3 GetEventSelectors=3; lambda: ListFunctions20150331=3 GetPolicy20150331v2=3; guardduty: ListDetectors=2; config: DescribeConfigurationRecorders=2; secretsmanager: ListSecrets=2; sns: ListTopics=2 GetTopicAttributes=3; sqs: ListQueues=2 GetQueueAttributes=3; organizations: DescribeOrganization; ecr: DescribeRepositories=2; eks: ListClusters=2; ssm: DescribeParameters; sts: GetCallerIdentity`),
  probe: table(
    'monitoring: GetMetricData=20 ListMetrics=6; tag: GetResources=5; ec2: DescribeInstances=4; rds: DescribeDBInstances=2; health: DescribeEvents=2; lambda: ListFunctions20150331=2; sqs: ListQueues; autoscaling: DescribeAutoScalingGroups; elasticloadbalancing: DescribeLoadBalancers',
  ),
} as const;

export type Habit = keyof typeof habits;
