import type { Random } from '../../algorithms/random.ts';
import type { Company } from './company.ts';

/** What a call is about, where it is about one thing. */
export function targetOf(company: Company, api: string, random: Random): string | undefined {
  if (api.startsWith('s3:'))
    return api === 's3:ListBuckets'
      ? undefined
      : `${random.pick(company.buckets)}${api.endsWith('Object') ? `/part-${random.integer(90_000)}` : ''}`;
  if (api.startsWith('secretsmanager:Get')) return `app/secret-${random.integer(12)}`;
  if (api.startsWith('ssm:GetParameter')) return `/app/setting-${random.integer(40)}`;
  return undefined;
}
