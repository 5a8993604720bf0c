import type { Event, Fields } from '../../event/index.ts';
import { LineIds } from '../../text/line-ids.ts';
import type { LoginLabel } from './labels.ts';
import type { Step } from './step.ts';

/** One line of auth.log, the event that it is to the rest of Scops, and what it really is. */
export interface SimulatedLogin {
  readonly event: Event;
  readonly line: string;
  readonly label: LoginLabel;
}

const accepted =
  /^(Accepted|Failed) (\S+) for (invalid user )?(\S+) from (\S+) port (\d+) ssh2(?:: (\S+) (\S+)(?: ID (\S+) \(serial (\d+)\) CA \S+ (\S+))?)?$/;

function read(message: string): { kind: Event['kind']; fields: Fields } {
  const match = accepted.exec(message);
  if (match === null) return { kind: 'log', fields: {} };
  const [, word, method, invalid, user, ip, port, type, print, id, serial, authority] = match;
  return {
    kind: 'login',
    fields: {
      'event.action': 'ssh',
      'event.outcome': word === 'Accepted' ? 'success' : 'failure',
      'user.name': user as string,
      'source.ip': ip as string,
      'source.port': Number(port),
      'login.method': method as string,
      ...(invalid && { 'login.unknown_user': true }),
      ...(type && { 'login.key.type': type, 'login.key.fingerprint': print as string }),
      ...(id && {
        'login.certificate.id': id,
        'login.certificate.serial': serial as string,
        'login.certificate.authority': authority as string,
      }),
    },
  };
}

/** Writes steps, handed in by time, as lines. */
export class Renderer {
  readonly #ids = new LineIds('sshd');

  render({ time, host, program, message, from, purpose, success, user }: Step): SimulatedLogin {
    const stamp = new Date(time).toISOString();
    const line = `${stamp.slice(0, 23)}000+00:00 ${host.name} ${program}: ${message}`;
    const { kind, fields } = read(message);
    const id = this.#ids.next(time, line);
    const event: Event = {
      id,
      time,
      source: 'sshd',
      kind,
      fields: { 'host.name': host.name, ...fields, ...(from && fields['source.ip'] !== undefined && from.fields) },
      raw: line,
    };
    return { event, line, label: { id, success, user, ...purpose } };
  }
}
