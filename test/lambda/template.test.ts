import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../../examples/aws-lambda');

/** CloudFormation's short forms, as its long ones: `!GetAtt A.Arn` is `{ 'Fn::GetAtt': 'A.Arn' }`. */
const tags = ['Ref', 'GetAtt', 'Sub', 'If', 'Equals', 'Not', 'Condition'].flatMap((name) => {
  const long = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const resolve = (value: unknown) => ({ [long]: value });
  return [
    { tag: `!${name}`, resolve },
    {
      tag: `!${name}`,
      collection: 'seq' as const,
      resolve: (seq: unknown) => ({ [long]: (seq as { toJSON(): unknown }).toJSON() }),
    },
  ];
});

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DependsOn?: string;
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever it is; the assertions say what it must be
  readonly Properties: any;
}

interface Template {
  readonly Parameters: Record<string, { readonly Default: unknown; readonly NoEcho?: boolean }>;
  readonly Conditions: Record<string, unknown>;
  readonly Resources: Record<string, Resource>;
}

const read = (name: string): Template => parse(readFileSync(join(folder, name), 'utf8'), { customTags: tags });
const template = read('template.yaml');
const { Parameters, Conditions, Resources } = template;
const get = (name: string): Resource => Resources[name] ?? assert.fail(`no resource ${name}`);
const queueArn = { 'Fn::GetAtt': 'Queue.Arn' };
const statements = (name: string) => get(name).Properties.PolicyDocument.Statement;

/** Every value in the template that is one of these functions. */
function* uses(value: unknown, name: string): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === name) yield inner;
    yield* uses(inner, name);
  }
}

test('everything that is named exists', () => {
  const known = new Set([...Object.keys(Resources), ...Object.keys(Parameters)]);
  const check = (name: string): void => assert.ok(name.startsWith('AWS::') || known.has(name), `${name} is nowhere`);
  for (const name of uses(template, 'Ref')) check(String(name));
  for (const name of uses(template, 'Fn::GetAtt')) check(String(name).split('.')[0] as string);
  for (const sub of uses(template, 'Fn::Sub')) {
    for (const [, name] of String(sub).matchAll(/\$\{([^}]+)\}/g)) check((name as string).split('.')[0] as string);
  }
  for (const list of uses(template, 'Fn::If')) assert.ok(String((list as unknown[])[0]) in Conditions);
  for (const { Condition, DependsOn } of Object.values(Resources)) {
    if (Condition !== undefined) assert.ok(Condition in Conditions);
    if (DependsOn !== undefined) get(DependsOn);
  }
});

test('the rules bring findings and sign-ins to the queue, and its policy lets them', () => {
  const patterns = { FindingsRule: 'GuardDuty Finding', SignInsRule: 'AWS Console Sign In via CloudTrail' };
  const [bridge] = statements('QueuePolicy').filter(({ Sid }: { Sid: string }) => Sid === 'EventBridge');
  assert.deepEqual(bridge.Principal, { Service: 'events.amazonaws.com' });
  assert.deepEqual([bridge.Effect, bridge.Action, bridge.Resource], ['Allow', 'sqs:SendMessage', queueArn]);
  const sources = JSON.stringify(bridge.Condition.ArnEquals['aws:SourceArn']);
  for (const [name, detailType] of Object.entries(patterns)) {
    const { Type, Condition, Properties } = get(name);
    assert.deepEqual([Type, Condition], ['AWS::Events::Rule', undefined]);
    assert.deepEqual(Properties.EventPattern['detail-type'], [detailType]);
    assert.deepEqual(
      Properties.Targets.map(({ Arn }: { Arn: unknown }) => Arn),
      [queueArn],
    );
    assert.ok(sources.includes(JSON.stringify({ 'Fn::GetAtt': `${name}.Arn` })), name);
  }
});

test('the bucket of the stack tells the queue of every file, after the policy lets it', () => {
  const bucket = get('OwnTrailBucket');
  assert.equal(bucket.DependsOn, 'QueuePolicy');
  const told = bucket.Properties.NotificationConfiguration.QueueConfigurations;
  const suffixes = told.map((each: { Event: string; Queue: unknown; Filter: { S3Key: { Rules: object[] } } }) => {
    assert.deepEqual([each.Event, each.Queue], ['s3:ObjectCreated:*', queueArn]);
    const [prefix, suffix] = each.Filter.S3Key.Rules as { Name: string; Value: string }[];
    assert.deepEqual(prefix, { Name: 'prefix', Value: 'AWSLogs/' });
    assert.equal(suffix?.Name, 'suffix');
    return suffix?.Value;
  });
  assert.deepEqual(suffixes, ['.json.gz', '.jsonl.gz']);
  const [s3] = statements('QueuePolicy').filter(({ Sid }: { Sid: string }) => Sid === 'S3');
  assert.deepEqual(s3.Principal, { Service: 's3.amazonaws.com' });
  assert.deepEqual([s3.Effect, s3.Action, s3.Resource], ['Allow', 'sqs:SendMessage', queueArn]);
  const arn = s3.Condition.ArnEquals['aws:SourceArn']['Fn::Sub'];
  assert.ok(arn.endsWith(`:::${bucket.Properties.BucketName['Fn::Sub']}`), `${arn} is another bucket`);
  assert.deepEqual(s3.Condition.StringEquals, { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
  assert.deepEqual(get('OwnTrail').Properties.S3BucketName, { Ref: 'OwnTrailBucket' });
});

test('what was learnt outlives the stack, and a stack that failed can be made again', () => {
  for (const { Type, DeletionPolicy } of Object.values(Resources))
    assert.equal(DeletionPolicy, Type === 'AWS::S3::Bucket' ? 'RetainExceptOnCreate' : undefined);
});

test('another region sends on exactly what the rules of this one take up, by a role that may do nothing else', () => {
  const other = read('other-region.yaml');
  const patterns = ({ Resources }: Template) =>
    Object.values(Resources).flatMap(({ Type, Condition, Properties }) =>
      Type === 'AWS::Events::Rule' && Condition === undefined ? [Properties.EventPattern] : [],
    );
  assert.deepEqual(patterns(other), patterns(template));
  const bus = {
    'Fn::Sub': ['arn:$', '{AWS::Partition}:events:$', '{Home}:$', '{AWS::AccountId}:event-bus/default'].join(''),
  };
  for (const { Type, Properties } of Object.values(other.Resources)) {
    if (Type === 'AWS::Events::Rule')
      assert.deepEqual(Properties.Targets, [{ Id: 'home', Arn: bus, RoleArn: { 'Fn::GetAtt': 'Role.Arn' } }]);
    else {
      const [{ PolicyDocument }] = Properties.Policies;
      assert.deepEqual(PolicyDocument.Statement, [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: bus }]);
    }
  }
});

test('an existing bucket tells by EventBridge', () => {
  const { Condition, Properties } = get('ObjectsRule');
  assert.equal(Condition, 'ExistingTrail');
  const { bucket, object } = Properties.EventPattern.detail;
  assert.deepEqual(bucket.name, [{ Ref: 'TrailBucket' }]);
  const keys = object.key.map(({ wildcard }: { wildcard: { 'Fn::Sub': string } }) => wildcard['Fn::Sub']);
  const prefix = '$' + '{TrailPrefix}*';
  assert.deepEqual(keys, [`${prefix}.json.gz`, `${prefix}.jsonl.gz`]);
  assert.deepEqual(Properties.Targets[0].Arn, queueArn);
  assert.equal(Parameters.TrailBucket?.Default, '');
});

test('what fails five times lies among the dead letters, and an alarm says so', () => {
  assert.deepEqual(get('Queue').Properties.RedrivePolicy, {
    deadLetterTargetArn: { 'Fn::GetAtt': 'DeadLetters.Arn' },
    maxReceiveCount: 5,
  });
  const { MetricName, Dimensions, Threshold } = get('DeadLettersAlarm').Properties;
  assert.deepEqual([MetricName, Threshold], ['ApproximateNumberOfMessagesVisible', 0]);
  assert.deepEqual(Dimensions, [{ Name: 'QueueName', Value: { 'Fn::GetAtt': 'DeadLetters.QueueName' } }]);
});

test('the function is what lies beside the template, and hears of single failures', async () => {
  const { Code, Handler, Runtime, Timeout, Environment } = get('Function').Properties;
  const [file, name] = Handler.split('.');
  const path = join(folder, Code, `${file}.mjs`);
  assert.ok(existsSync(path), path);
  assert.match(readFileSync(path, 'utf8'), new RegExp(`export const ${name} = createHandler\\(`));
  assert.equal(Runtime, 'nodejs24.x');
  const mapping = get('Mapping').Properties;
  assert.deepEqual(mapping.EventSourceArn, queueArn);
  assert.deepEqual(mapping.FunctionResponseTypes, ['ReportBatchItemFailures']);
  assert.equal(mapping.ScalingConfig.MaximumConcurrency, 2);
  const { VisibilityTimeout } = get('Queue').Properties;
  assert.ok(VisibilityTimeout >= 6 * Timeout + mapping.MaximumBatchingWindowInSeconds, 'as AWS says');
  const settings = readFileSync(join(folder, '../../src/lambda/settings.ts'), 'utf8');
  const known = new Set([...settings.matchAll(/SCOPS_[A-Z_]+/g)].map(([found]) => found));
  known.add('SCOPS_WEBHOOK_SECRET').add('SLACK_WEBHOOK_URL');
  for (const variable of Object.keys(Environment.Variables)) assert.ok(known.has(variable), variable);
  const { dependencies, type } = JSON.parse(readFileSync(join(folder, Code, 'package.json'), 'utf8'));
  const own = JSON.parse(readFileSync(join(folder, '../../package.json'), 'utf8'));
  assert.equal(type, 'module');
  assert.equal(dependencies.scops, `^${own.version}`);
  assert.equal(dependencies['@aws-sdk/client-s3'], own.peerDependencies['@aws-sdk/client-s3']);
  assert.ok('./lambda' in own.exports);
});

test('nobody may do more than is needed', () => {
  const policies = Object.values(Resources).flatMap(({ Properties }) => [
    ...(Properties.PolicyDocument ? [Properties.PolicyDocument] : []),
    ...(Properties.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument),
  ]);
  assert.equal(policies.length, 3);
  for (const { Statement } of policies) {
    for (const each of Statement.flatMap((item: object) =>
      'Fn::If' in item ? (item['Fn::If'] as object[]).slice(1) : [item],
    )) {
      if ('Ref' in each) continue;
      for (const action of [each.Action].flat()) assert.match(action, /^[a-z0-9]+:[A-Za-z]+$/);
      const resources = [each.Resource].flatMap((resource) =>
        resource['Fn::If'] ? resource['Fn::If'].slice(1) : [resource],
      );
      for (const resource of resources) {
        const named = resource['Fn::Sub'] ?? resource['Fn::GetAtt'] ?? resource.Ref;
        assert.match(String(named), /^(?:arn:.+:::.+|[$][{]\w+[.]Arn[}].*|\w+[.]Arn|KmsKeyArn)$/);
        assert.doesNotMatch(String(named), /^arn:[^/]*[*]/, 'all of something');
      }
      if (each.Principal) assert.notEqual(each.Principal.AWS ?? each.Principal, '*');
    }
  }
  for (const name of ['SlackWebhookUrl', 'WebhookSecret']) assert.equal(Parameters[name]?.NoEcho, true, name);
});

test('the example for newcomers is short', () => {
  const lines = readFileSync(join(folder, 'README.md'), 'utf8').trimEnd().split('\n');
  assert.ok(lines.length <= 60, `${lines.length} lines`);
});
