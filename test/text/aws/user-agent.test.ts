import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUserAgent } from '../../../src/text/aws/user-agent.ts';

const known: readonly (readonly [original: string, family: string, platform?: string])[] = [
  ['aws-cli/2.15.0 Python/3.11.6 Linux/6.2.0-1017-aws exe/x86_64.ubuntu.22 prompt/off', 'aws-cli', 'linux'],
  ['aws-cli/2.7.4 Python/3.9.11 Linux/5.10.0-kali9-amd64 exe/x86_64.kali.2021', 'aws-cli', 'kali'],
  ['aws-cli/2.4.5 Python/3.8.8 Linux/4.14 exec-env/CloudShell exe/x86_64.amzn.2 prompt/off', 'aws-cli', 'cloudshell'],
  ['[Boto3/1.26.84 Python/3.10.6 Linux/5.19.0-46-generic Botocore/1.29.84]', 'boto3', 'linux'],
  ['Boto3/1.34 Python/3.11 Linux/5.10 exec-env/AWS_Lambda_python3.11 Botocore/1.34', 'boto3', 'lambda'],
  [
    'APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) aws-sdk-go-v2/1.2 os/macos',
    'terraform',
    'macos',
  ],
  ['aws-sdk-go/1.44.0 (go1.19; linux; amd64) amazon-ssm-agent/', 'amazon-ssm-agent', 'linux'],
  ['aws-sdk-go-v2/1.17 os/linux lang/go#1.20 md/GOOS#linux api/sts#1.18', 'aws-sdk-go', 'linux'],
  ['aws-sdk-nodejs/2.1 linux/v18.0.0 promise', 'aws-sdk-js', 'linux'],
  ['[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12 Linux/5.4 OpenJDK_64-Bit_Server_VM/25]', 'console', 'linux'],
  ['console.ec2.amazonaws.com', 'console'],
  ['signin.amazonaws.com', 'console'],
  ['cloudformation.amazonaws.com', 'cloudformation.amazonaws.com'],
  ['AWS Internal', 'aws-internal'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36', 'chrome', 'windows'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0', 'edge', 'windows'],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0', 'firefox', 'linux'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 13_4) AppleWebKit/605 Version/16.5 Safari/605', 'safari', 'macos'],
  ['stratus-red-team_5c59eb79-6dac-4b1c-a4c4-e19aec03c1d2', 'stratus-red-team'],
  ['python-requests/2.31.0', 'python-requests'],
  ['my-tool_9f8e7d6c5b4a/3.1 (build 7)', 'my-tool'],
  ['12345', 'other'],
];

test('a user agent is known by its family and platform', () => {
  for (const [original, family, platform] of known)
    assert.deepEqual(parseUserAgent(original), platform === undefined ? { family } : { family, platform }, original);
  assert.equal(parseUserAgent(''), undefined);
  assert.equal(parseUserAgent('  '), undefined);
});

test('versions change nothing', () => {
  const numbers = fc.array(fc.nat(99), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(numbers, numbers, (one, two) => {
      for (const make of [
        (version: string) => `aws-cli/${version} Python/${version} Linux/${version}`,
        (version: string) => `corp-backup-v${version}/${version}`,
        (version: string) => `Mozilla/5.0 (X11; Linux) Gecko/${version} Firefox/${version}`,
      ])
        assert.deepEqual(parseUserAgent(make(one)), parseUserAgent(make(two)));
    }),
  );
});

test('whatever is sent, the answer is short and comes soon', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.constantFrom(
      '__proto__',
      '[[[[',
      'mozilla',
      '.amazonaws.com',
      '-'.repeat(1e6),
      'a.'.repeat(5e5),
      '\u0130'.repeat(600),
    ),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const parsed = parseUserAgent(text);
      if (parsed === undefined) return;
      assert.ok(parsed.family.length > 0 && parsed.family.length <= 512);
      assert.deepEqual(parseUserAgent(text), parsed);
    }),
  );
});
