/** What a caller says it is, without versions. */
export interface UserAgent {
  /** `aws-cli`, `boto3`, `terraform`, `console`, `firefox`, `cloudformation.amazonaws.com`, or a program's own name. */
  readonly family: string;
  /** Where it says that it runs: `linux`, `macos`, `windows`, `kali`, `lambda`, `cloudshell`. */
  readonly platform?: string;
}

const longest = 512;
const longestName = 48;

type Mark = readonly [mark: string, name: string];

/** Programs by what their user agents hold; the first found counts, so what is built upon an SDK stands before it. */
const programs: readonly Mark[] = [
  ['stratus-red-team', 'stratus-red-team'],
  ['grimoire', 'grimoire'],
  ['pacu', 'pacu'],
  ['trufflehog', 'trufflehog'],
  ['scoutsuite', 'scoutsuite'],
  ['scout suite', 'scoutsuite'],
  ['prowler', 'prowler'],
  ['cloudmapper', 'cloudmapper'],
  ['steampipe', 'steampipe'],
  ['cloudquery', 'cloudquery'],
  ['terraform', 'terraform'],
  ['opentofu', 'opentofu'],
  ['pulumi', 'pulumi'],
  ['ansible', 'ansible'],
  ['crossplane', 'crossplane'],
  ['packer', 'packer'],
  ['aws-cdk', 'aws-cdk'],
  ['serverless', 'serverless'],
  ['eksctl', 'eksctl'],
  ['configure-aws-credentials', 'github-actions'],
  ['amazon-ssm-agent', 'amazon-ssm-agent'],
  ['amazon-ecs-agent', 'amazon-ecs-agent'],
  ['amazon-ecs-', 'amazon-ecs-agent'],
  ['cluster-autoscaler', 'cluster-autoscaler'],
  ['karpenter', 'karpenter'],
  ['fluent', 'fluent-bit'],
  ['amazoncloudwatchagent', 'cloudwatch-agent'],
  ['cwagent', 'cloudwatch-agent'],
  ['s3console', 'console'],
  ['ec2consolefrontend', 'console'],
  ['aws-internal/', 'console'],
  ['aws-cli/', 'aws-cli'],
  ['awspowershell', 'aws-powershell'],
  ['aws-tools-for-powershell', 'aws-powershell'],
  ['boto3', 'boto3'],
  ['botocore', 'botocore'],
  ['boto/', 'boto'],
  ['aws-sdk-go', 'aws-sdk-go'],
  ['aws-sdk-java', 'aws-sdk-java'],
  ['aws-sdk-nodejs', 'aws-sdk-js'],
  ['aws-sdk-js', 'aws-sdk-js'],
  ['aws-sdk-dotnet', 'aws-sdk-dotnet'],
  ['aws-sdk-net', 'aws-sdk-dotnet'],
  ['aws-sdk-ruby', 'aws-sdk-ruby'],
  ['aws-sdk-php', 'aws-sdk-php'],
  ['aws-sdk-rust', 'aws-sdk-rust'],
  ['aws-sdk-cpp', 'aws-sdk-cpp'],
  ['aws-sdk-swift', 'aws-sdk-swift'],
  ['aws-sdk-kotlin', 'aws-sdk-kotlin'],
  ['aws-sdk', 'aws-sdk'],
];

/** Browsers tell each other's names too: the one that is the case stands first. */
const browsers: readonly Mark[] = [
  ['edg/', 'edge'],
  ['edge/', 'edge'],
  ['opr/', 'opera'],
  ['firefox/', 'firefox'],
  ['chrome/', 'chrome'],
  ['crios/', 'chrome'],
  ['safari/', 'safari'],
];

const platforms: readonly Mark[] = [
  ['cloudshell', 'cloudshell'],
  ['aws_lambda', 'lambda'],
  ['aws_ecs', 'ecs'],
  ['kali', 'kali'],
  ['parrot', 'parrot'],
  ['pentoo', 'pentoo'],
  ['iphone', 'ios'],
  ['ipad', 'ios'],
  ['android', 'android'],
  ['windows', 'windows'],
  ['win32', 'windows'],
  ['darwin', 'macos'],
  ['macos', 'macos'],
  ['mac os x', 'macos'],
  ['macintosh', 'macos'],
  ['linux', 'linux'],
];

const find = (text: string, marks: readonly Mark[]): string | undefined =>
  marks.find(([mark]) => text.includes(mark))?.[1];

/**
 * The family of the program that a user agent names, and where that runs. Versions, build numbers and ids are left out, so
 * that an upgrade changes nothing. Undefined for an empty text. Pure, linear time, throws for no input.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function parseUserAgent(original: string): UserAgent | undefined {
  const text = original.slice(0, longest).trim().replace(/^\[/, '').toLowerCase();
  if (text === '') return undefined;
  const family = service(text) ?? find(text, programs) ?? browser(text) ?? ownName(text);
  const platform = find(text, platforms);
  return platform === undefined ? { family } : { family, platform };
}

/** A service that called by itself, or AWS' console, which names the part of it that was used. */
function service(text: string): string | undefined {
  if (text.startsWith('aws internal')) return 'aws-internal';
  if (!/^[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?\]?$/.test(text)) return undefined;
  return text.startsWith('console.') || text.startsWith('signin.') ? 'console' : text.replace(/\]$/, '');
}

const browser = (text: string): string | undefined =>
  text.startsWith('mozilla') ? (find(text, browsers) ?? 'mozilla') : undefined;

/** The first product's name, without its parts that have digits, as ids and versions do. */
function ownName(text: string): string {
  const product = text.slice(0, 2 * longestName).split(/[/\s;,()]/, 1)[0] as string;
  const words = product.split(/[^\p{L}\d]+/u).filter((word) => word !== '' && !/\d/.test(word));
  return words.join('-').slice(0, longestName) || 'other';
}
