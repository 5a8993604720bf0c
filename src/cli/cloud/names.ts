import type { Form } from '../../pipeline/inventory/form.ts';

/** What records are called, by `FileAccount.types`. */
const types: ReadonlyMap<string, string> = new Map([
  ['cloudtrail/api-call', 'API call(s)'],
  ['cloudtrail/console-login', 'console login(s)'],
  ['cloudtrail/console-sign-in', 'other sign-in event(s)'],
  ['cloudtrail/console-action', 'console action(s)'],
  ['cloudtrail/service-event', 'service event(s)'],
  ['cloudtrail/vpc-endpoint-event', 'VPC endpoint event(s)'],
  ['cloudtrail/insight', 'Insights event(s)'],
  ['cloudtrail/other', 'event(s) of other types'],
  ['cloudtrail/digest', 'digest(s) that sign other files'],
  ['guardduty/guardduty', 'finding(s) in its own form'],
  ['guardduty/sdk', 'finding(s) in the form of an SDK'],
  ['guardduty/mozdef', 'finding(s) in the form of MozDef'],
  ['guardduty/asff', 'finding(s) in the form of Security Hub'],
  ['guardduty/ocsf', 'finding(s) in OCSF'],
]);

const numbered = (name: string, count: number): string => name.replace('(s)', count === 1 ? '' : 's');

export const typeName = (type: string, count: number): string => numbered(types.get(type) ?? type, count);

/** What a file is that is not read, by its form. */
export const formNames: Readonly<Record<Form, string>> = {
  json: 'JSON of something else',
  csv: 'a table (CSV), not read',
  text: 'text, not read',
  parquet: 'Parquet, not read: export it as JSON',
  archive: 'an archive, not read: unpack it first',
  binary: 'binary data, not read',
  empty: 'empty',
};

const principals: ReadonlyMap<string, string> = new Map([
  ['root', 'root user(s)'],
  ['user', 'IAM user(s)'],
  ['role', 'role(s)'],
  ['federated-user', 'federated user(s)'],
  ['saml-user', 'SAML user(s)'],
  ['web-identity-user', 'web identity user(s)'],
  ['identity-center-user', 'Identity Center user(s)'],
  ['account', 'other account(s)'],
  ['anonymous', 'anonymous'],
  ['service', 'AWS service(s)'],
  ['unknown', 'of unknown type'],
]);

export const principalName = (type: string, count: number): string => numbered(principals.get(type) ?? type, count);

const addresses: ReadonlyMap<string, string> = new Map([
  ['public', 'from public addresses'],
  ['private', 'from private addresses'],
  ['vpc-endpoint', 'through VPC endpoints'],
  ['service', 'by AWS services'],
  ['internal', 'by "AWS Internal"'],
  ['other', 'from something else'],
  ['absent', 'from nowhere said'],
]);

export const addressName = (type: string): string => addresses.get(type) ?? type;
