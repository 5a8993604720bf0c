import { apiOf } from './apis.ts';
import type { Call } from './call.ts';
import { iso } from './identity.ts';

type Json = Record<string, unknown>;

/** What a call of each service is about, by the name that its request has for it. */
const parameters: Readonly<Record<string, string>> = {
  s3: 'bucketName',
  iam: 'roleName',
  sts: 'roleArn',
  secretsmanager: 'secretId',
  kms: 'keyId',
  ssm: 'name',
  lambda: 'functionName',
  cloudtrail: 'name',
  guardduty: 'detectorId',
  ecs: 'cluster',
  logs: 'logGroupName',
  dynamodb: 'tableName',
};

const messages: Readonly<Record<string, string>> = {
  AccessDenied: 'User is not authorized to perform this action',
  'Client.UnauthorizedOperation': 'You are not authorized to perform this operation.',
  ThrottlingException: 'Rate exceeded',
  NoSuchBucketPolicy: 'The bucket policy does not exist',
};

function request({ api, target }: Call): Json | null {
  const { service, name } = apiOf(api);
  if (target === undefined) return null;
  if (service === 's3') {
    const [bucketName, ...key] = target.split('/');
    return { bucketName, Host: `${bucketName}.s3.amazonaws.com`, ...(key.length === 0 ? {} : { key: key.join('/') }) };
  }
  if (service === 'ec2') return { instancesSet: { items: [{ instanceId: target }] } };
  if (service === 'iam' && name.includes('User')) return { userName: target };
  if (service === 'iam' && name.includes('AccessKey')) return { userName: target };
  return { [parameters[service] ?? 'resourceId']: target };
}

/** CloudTrail's record of a call. */
export function recordOf(call: Call): Json {
  const { account, by, error, from, more, shared, eventType = 'AwsApiCall' } = call;
  const { service, name, readOnly, data, global, command } = apiOf(call.api);
  const agent = call.agent.startsWith('aws-cli/2') ? `${call.agent} md/prompt#off md/command#${command}` : call.agent;
  return {
    eventVersion: '1.11',
    userIdentity: by.json,
    eventTime: iso(call.time),
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: global ? 'us-east-1' : call.region,
    sourceIPAddress: from.ip,
    userAgent: agent,
    ...(error === undefined || eventType === 'AwsConsoleSignIn'
      ? {}
      : { errorCode: error, errorMessage: messages[error] ?? 'The request failed.' }),
    requestParameters: request(call),
    responseElements: null,
    ...(eventType === 'AwsConsoleSignIn'
      ? {}
      : { requestID: call.id.split('').reverse().join('').replaceAll('-', '') }),
    eventID: call.id,
    readOnly: eventType === 'AwsConsoleSignIn' ? false : readOnly,
    eventType,
    managementEvent: !data,
    recipientAccountId: account,
    ...(shared === undefined ? {} : { sharedEventID: shared }),
    ...(from.endpoint === undefined ? {} : { vpcEndpointId: from.endpoint, vpcEndpointAccountId: account }),
    eventCategory: data ? 'Data' : 'Management',
    ...(more ?? {}),
  };
}
