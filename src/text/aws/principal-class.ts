import type { PrincipalType } from './principal.ts';

/** What kind of actor a principal is, as far as its names tell; 'unknown' when they do not. */
export type PrincipalClass = 'human' | 'automation' | 'instance' | 'service' | 'unknown';

/** Words in names of users, roles' sessions and workloads that no person acts under. */
const robots: ReadonlySet<string> = new Set(
  'actions agent ansible argocd atlantis automation autoscaling aws awscloudformation awscodebuild awscodepipeline backup bamboo boto botocore bot build buildkite ci cicd circleci cloudformation codebuild codepipeline cron crawler deploy deployer deployment drone eks exporter flux github gitlab iac job jenkins k8s kubernetes lambda monitor monitoring packer pipeline prowler pulumi robot runner scanner scheduler sdk serverless service serviceaccount spacelift ssm svc system task teamcity terraform tf worker workload'.split(
    ' ',
  ),
);

/** Providers of web identities that sign in programs. */
const programs = [
  'actions.githubusercontent.com',
  'gitlab',
  'oidc.eks.',
  'app.terraform.io',
  'circleci',
  ':system:',
  ':repo:',
];

const longestName = 128;

/** The class that a principal's type, id, name and session tell. Linear time. */
export function classOf(
  type: PrincipalType,
  id: string,
  name: string | undefined,
  session: string | undefined,
): PrincipalClass {
  switch (type) {
    case 'root':
    case 'federated-user':
    case 'saml-user':
    case 'identity-center-user':
      return 'human';
    case 'service':
      return 'service';
    case 'user':
      return name === undefined ? 'unknown' : isRobot(name) ? 'automation' : 'human';
    case 'web-identity-user':
      return programs.some((program) => id.includes(program)) || isRobot(name ?? '') ? 'automation' : 'human';
    case 'role':
      return classOfRole(name ?? '', session);
    default:
      return 'unknown';
  }
}

function classOfRole(role: string, session: string | undefined): PrincipalClass {
  if (role.startsWith('AWSServiceRoleFor')) return 'service';
  if (session !== undefined && isInstance(session)) return 'instance';
  // The role that IAM Identity Center makes of a permission set; only its users take it on.
  if (role.startsWith('AWSReservedSSO_')) return 'human';
  if (session === undefined) return 'unknown';
  if (isEmail(session)) return 'human';
  if (isRandom(session) || isRobot(session)) return 'automation';
  return /^[a-z]{2,32}[._][a-z]{2,32}$/i.test(session) ? 'human' : 'unknown';
}

/** The session of a machine's own role is the machine's id. */
const isInstance = (session: string): boolean => /^i-[0-9a-f]{8,17}$/.test(session);

const isEmail = (text: string): boolean => text.length <= 254 && /^[^\s@:/]+@[^\s@:/]+\.[a-z]{2,24}$/i.test(text);

/** Numbers, times, hexadecimal ids and UUIDs, as programs make them up. */
const isRandom = (text: string): boolean =>
  /^\d+$/.test(text) || /^[0-9a-f]{16,}$/i.test(text) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

const isRobot = (name: string): boolean =>
  name
    .slice(0, longestName)
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => robots.has(word) || robots.has(word.replace(/\d+$/, '')));
