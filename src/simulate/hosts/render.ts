import { auditData, auditLog } from './audit.ts';
import { Numbering } from './numbers.ts';
import { rules } from './rules.ts';
import type { Exec, FileChange, LogStep, Process, Purpose, RegistryChange, Step } from './step.ts';
import { afterFields, difference, FileDatabase } from './syscheck.ts';
import { type Host, manager } from './world.ts';

/** The label of one alert, by the alert's own id. */
export interface Label extends Purpose {
  readonly id: string;
}

/** One line of alerts.json with what is known about it. */
export interface Simulated {
  readonly line: string;
  readonly label: Label;
}

interface Body {
  readonly rule: string;
  readonly description?: string;
  readonly frequency?: number;
  readonly rest: Readonly<Record<string, unknown>>;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The time as RFC 3164 writes it: `Mar  2 09:04:05`. */
export function syslogTime(time: number): string {
  const date = new Date(time);
  return `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 19)}`;
}

const fileRule = { added: '554', modified: '550', deleted: '553' } as const;
const keyRule = { added: '598', modified: '594', deleted: '597' } as const;
const valueRule = { added: '752', modified: '750', deleted: '751' } as const;
const fileDecoder = {
  added: 'syscheck_new_entry',
  modified: 'syscheck_integrity_changed',
  deleted: 'syscheck_deleted',
} as const;
const registryDecoder = {
  added: 'syscheck_registry_key_added',
  modified: 'syscheck_registry_key_modified',
  deleted: 'syscheck_registry_key_deleted',
} as const;
const registryValueDecoder = {
  added: 'syscheck_registry_value_added',
  modified: 'syscheck_registry_value_modified',
  deleted: 'syscheck_registry_value_deleted',
} as const;

/** Turns steps, handed in by time, into alert lines; keeps what a Wazuh manager and its agents would remember. */
export class Renderer {
  readonly #numbering = new Numbering();
  readonly #files = new FileDatabase();
  readonly #fired = new Map<string, number>();
  #offset: number;

  /** `offset` is where the manager's own log stands: the second half of every alert's id. */
  constructor(offset = 100_000) {
    this.#offset = offset;
  }

  render(step: Step): Simulated {
    const body = this.#body(step);
    const known = rules[body.rule];
    if (known === undefined) throw new Error(`The simulator has no rule ${body.rule}.`);
    const fired = (this.#fired.get(body.rule) ?? 0) + 1;
    this.#fired.set(body.rule, fired);
    const id = `${Math.floor(step.time / 1000)}.${this.#offset}`;
    const line = JSON.stringify({
      timestamp: `${new Date(step.time).toISOString().slice(0, 23)}+0000`,
      rule: {
        level: known.level,
        description: body.description ?? known.description,
        id: body.rule,
        ...(known.mitre && { mitre: known.mitre }),
        ...(body.frequency !== undefined && { frequency: body.frequency }),
        firedtimes: fired,
        mail: false,
        groups: known.groups,
        ...(body.rule === '80792' && { gdpr: ['IV_30.1.g'] }),
      },
      agent: { id: step.host.id, name: step.host.name, ip: step.host.ip },
      manager: { name: manager },
      id,
      ...body.rest,
    });
    this.#offset += line.length;
    return { line, label: { id, ...step.purpose } };
  }

  #body(step: Step): Body {
    if (step.type === 'exec') return this.#exec(step);
    if (step.type === 'file') return this.#file(step);
    if (step.type === 'registry') return this.#registry(step);
    return this.#log(step);
  }

  #exec(step: Exec): Body {
    const { host, process } = step;
    const numbers = {
      ppid: this.#numbering.pid(host, process.parent),
      pid: this.#numbering.pid(host, process),
      serial: this.#numbering.serial(host),
      session: this.#numbering.session(host, process.login),
      inode: 1300 + process.executable.length * 17,
    };
    return {
      rule: '80792',
      description: `Audit: Command: ${process.executable}.`,
      rest: {
        full_log: auditLog(step, numbers),
        decoder: { parent: 'auditd', name: 'auditd' },
        data: { audit: auditData(step, numbers) },
        location: '/var/log/audit/audit.log',
      },
    };
  }

  #file(step: FileChange): Body {
    const { before, after } = this.#files.apply(`${step.host.name}:${step.path}`, step);
    const mode = step.host.fim;
    const changed = step.change === 'modified' ? difference(before, after) : { full: '', fields: {} };
    return {
      rule: fileRule[step.change],
      rest: {
        full_log: `File '${step.path}' ${step.change}\nMode: ${mode}\n${changed.full}`,
        syscheck: {
          path: step.path,
          mode,
          ...afterFields(after, step.change),
          ...changed.fields,
          ...(mode === 'whodata' && { audit: this.#writer(step.host, step.by, step.cwd) }),
        },
        decoder: { name: fileDecoder[step.change] },
        location: 'syscheck',
      },
    };
  }

  #writer(host: Host, by: Process, cwd: string): Record<string, unknown> {
    const person = (account: { name: string; id: number }) => ({ id: String(account.id), name: account.name });
    return {
      user: person(by.user),
      ...(by.login.account && { login_user: person(by.login.account) }),
      effective_user: person(by.effective),
      group: person(by.effective),
      process: {
        id: String(this.#numbering.pid(host, by)),
        name: by.executable,
        cwd,
        parent_name: by.parent?.executable ?? '/usr/lib/systemd/systemd',
        parent_cwd: by.parent ? cwd : '/',
        ppid: String(this.#numbering.pid(host, by.parent)),
      },
    };
  }

  #registry(step: RegistryChange): Body {
    const path = step.value ? `${step.key}\\${step.value.name}` : step.key;
    const { before, after } = this.#files.apply(`${step.host.name}:${path}`, step);
    const changed = step.change === 'modified' ? difference(before, after) : { full: '', fields: {} };
    const { size_after, md5_after, sha1_after, sha256_after, uname_after, mtime_after, event } = afterFields(
      after,
      step.change,
    );
    const named = step.value
      ? {
          arch: '[x64]',
          value_name: step.value.name,
          value_type: step.value.type,
          size_after,
          md5_after,
          sha1_after,
          sha256_after,
        }
      : { arch: '[x64]', uid_after: after.ownerId, uname_after, mtime_after };
    return {
      rule: (step.value ? valueRule : keyRule)[step.change],
      rest: {
        full_log: `Registry ${step.value ? 'Value' : 'Key'} '[x64] ${path}' ${step.change}\nMode: scheduled\n${changed.full}`,
        syscheck: { path: step.key, mode: 'scheduled', ...named, event, ...changed.fields },
        decoder: { name: (step.value ? registryValueDecoder : registryDecoder)[step.change] },
        location: 'syscheck',
      },
    };
  }

  #log({ record, host, time }: LogStep): Body {
    const stamped = record.program !== undefined;
    return {
      rule: record.rule,
      ...(record.description !== undefined && { description: record.description }),
      ...(record.frequency !== undefined && { frequency: record.frequency }),
      rest: {
        ...(record.previous !== undefined && { previous_output: record.previous }),
        full_log: stamped ? `${syslogTime(time)} ${host.name} ${record.fullLog}` : record.fullLog,
        ...(stamped && {
          predecoder: { program_name: record.program, timestamp: syslogTime(time), hostname: host.name },
        }),
        decoder: record.decoder,
        ...(record.data && { data: record.data }),
        location: record.location,
      },
    };
  }
}
