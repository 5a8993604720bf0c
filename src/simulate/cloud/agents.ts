import type { Random } from '../../algorithms/random.ts';

/** What a person's programs say of themselves, before and after updates. */
export interface Agents {
  readonly system: System;
  readonly browser: (day: number) => string;
  readonly phone: string;
  readonly cli: (day: number) => string;
  readonly sdk: (day: number) => string;
  /** A tool of their own liking. */
  readonly tool: string;
}

type System = 'mac' | 'windows' | 'linux';

const platforms: Readonly<Record<System, readonly [browser: string, kernel: string, os: string]>> = {
  mac: ['Macintosh; Intel Mac OS X 10_15_7', 'Darwin/24.6.0', 'macos#24.6.0'],
  windows: ['Windows NT 10.0; Win64; x64', 'Windows/11', 'windows#11'],
  linux: ['X11; Linux x86_64', 'Linux/6.8.0-60-generic', 'linux#6.8.0-60-generic'],
};

/** A browser on a system. */
export function browserOn(system: System, kind: number, version: number): string {
  const [platform] = platforms[system];
  if (kind === 0) return `Mozilla/5.0 (${platform}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
  const chrome = `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
  if (kind === 1) return `${chrome} Edg/${version}.0.0.0`;
  if (kind === 2 && system === 'mac')
    return `Mozilla/5.0 (${platform}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.${version % 7} Safari/605.1.15`;
  return chrome;
}

/** Version 2 of the command line; the command itself is added to each call. */
export const cliOn = (system: System, minor: number): string =>
  `aws-cli/2.${minor}.${minor % 9} Python/3.13.${minor % 5} ${platforms[system][1]} ${system === 'mac' ? 'source/arm64' : 'exe/x86_64'}`;

/** Python's SDK. */
export const botoOn = (system: System, minor: number): string =>
  `Boto3/1.${minor}.${minor % 30} md/Botocore#1.${minor}.${minor % 30} ua/2.1 os/${platforms[system][2]} md/arch#x86_64 lang/python#3.12.${minor % 9} md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.${minor}.${minor % 30}`;

export const terraform = (minor: number): string =>
  `APN/1.0 HashiCorp/1.0 Terraform/1.${minor}.4 (+https://www.terraform.io) terraform-provider-aws/6.${minor}.0 aws-sdk-go-v2/1.38.${minor} ua/2.1 os/linux lang/go#1.24.5 md/GOOS#linux md/GOARCH#amd64`;

export const sdks = {
  java: 'aws-sdk-java/2.32.14 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.141 lang/java#21.0.8 md/OpenJDK_64-Bit_Server_VM#21.0.8+9-LTS',
  go: 'aws-sdk-go-v2/1.38.1 ua/2.1 os/linux lang/go#1.24.5 md/GOOS#linux md/GOARCH#amd64 api/sqs#1.42.1',
  node: 'aws-sdk-js/3.859.0 ua/2.1 os/linux#5.10.239 lang/js md/nodejs#22.17.1 api/s3#3.859.0 exec-env/AWS_Lambda_nodejs22.x',
  v1: 'aws-sdk-go/1.44.298 (go1.20.5; linux; amd64)',
  agent: 'aws-sdk-go/1.55.5 (go1.23.8; linux; amd64) amazon-ssm-agent/',
} as const;

/** What intruders bring along where they do not care to look like anybody. */
export const foreignAgents = (random: Random): string =>
  random.pick([
    botoOn('linux', 34 + random.integer(8)),
    cliOn('linux', 13 + random.integer(18)),
    cliOn('windows', 13 + random.integer(18)),
    sdks.v1,
    'python-requests/2.31.0',
    sdks.go,
  ]);

/** Programs of one person's laptop and phone. */
export function agentsOf(random: Random, days: number): Agents {
  const system = random.pick(['mac', 'mac', 'windows', 'linux'] as const);
  const kind = random.integer(4);
  const version = 136 + random.integer(3);
  const shift = random.integer(28);
  const cli = 24 + random.integer(6);
  const boto = 36 + random.integer(5);
  const updates = Math.floor(days * (0.2 + random.next()));
  return {
    system,
    browser: (day) => browserOn(system, kind, version + Math.floor((day + shift) / 28)),
    phone: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_${random.integer(6)} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1`,
    cli: (day) => cliOn(system, day < updates ? cli : cli + 2),
    tool: random.pick([
      'python-requests/2.31.0',
      'python-requests/2.32.3',
      sdks.go,
      sdks.v1,
      botoOn('linux', 34 + random.integer(8)),
    ]),
    sdk: (day) => botoOn(system, day < updates ? boto : boto + 1),
  };
}
