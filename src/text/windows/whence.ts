import { parseIp } from '../ip.ts';
import { type Draft, put, wholeNumber } from '../wazuh/values.ts';
import type { WindowsRecord } from './record.ts';

/** What stands for this computer itself, or for none. */
const nowhere: ReadonlySet<string> = new Set(['LOCAL', '0.0.0.0', '::']);

/**
 * Where a logon came from: its address, and the name that the workstation gives itself, which is the address where there is
 * no other. Anybody may give any name with NTLM.
 */
export function putSource(fields: Draft, { code, data }: WindowsRecord): void {
  const written = data('IpAddress');
  const address = written === undefined || nowhere.has(written) ? undefined : written;
  const ip = address === undefined ? undefined : parseIp(address);
  const workstation = data(code === '4776' ? 'Workstation' : 'WorkstationName')?.replace(/^\\\\/, '') || undefined;
  put(fields, 'source.ip', ip);
  if (ip === undefined) put(fields, 'source.address', address ?? workstation);
  put(fields, 'winlog.workstation', workstation);
  const port = wholeNumber(data('IpPort'));
  if (port !== undefined && port > 0 && port < 65_536) fields['source.port'] = port;
}
