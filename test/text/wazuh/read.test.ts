import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWazuh } from '../../../src/text/wazuh/read.ts';

test('a command keeps its whole argument list', () => {
  const read = readWazuh(
    JSON.stringify({
      timestamp: '2024-02-14T22:02:34.461+0500',
      rule: { level: 3, id: '80792', description: 'Audit: Command', groups: ['audit'] },
      agent: { id: '001', name: 'web01', ip: '10.0.0.1' },
      manager: { name: 'mgr' },
      id: '1707930154.1',
      decoder: { name: 'auditd' },
      full_log:
        'type=SYSCALL msg=audit(1707930154.461:7): syscall=59 success=yes a0=55 a1=56 ppid=1 pid=2 auid=1000 uid=0 tty=pts0 ses=3 comm="bash" exe="/bin/bash" key="audit-wazuh-c"ARCH=x86_64 AUID="ann" UID="root" type=EXECVE msg=audit(1707930154.461:7): argc=3 a0="bash" a1="-c" a2=6563686F206869',
      location: '/var/log/audit/audit.log',
    }),
  );
  assert.ok(!('reason' in read));
  assert.equal(read.id, 'wazuh/mgr/1707930154.1');
  assert.equal(read.time, Date.UTC(2024, 1, 14, 17, 2, 34, 461));
  assert.deepEqual(read.fields['process.args'], ['bash', '-c', 'echo hi']);
  assert.equal(read.fields['user.name'], 'root');
  assert.equal(read.fields['user.audit.name'], 'ann');
});
