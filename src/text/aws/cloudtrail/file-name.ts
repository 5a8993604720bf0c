/**
 * When CloudTrail delivered a file, in epoch milliseconds, as its name says: `…_CloudTrail_eu-west-1_20260102T0310Z_….json.gz`,
 * digests and insights likewise. Its records are of any time before. Undefined for a file of another name.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function deliveryTime(name: string): number | undefined {
  const parts = /_CloudTrail[A-Za-z-]{0,32}_.{0,200}_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z[_.]/.exec(
    name.slice(-512),
  );
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second = '00'] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
