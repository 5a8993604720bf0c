import { type Json, own } from '../../wazuh/values.ts';

type Tree = Record<string, unknown>;

const prefix = 'aws/guardduty/service/';
const maxFields = 1024;
const maxDepth = 16;
const maxIndex = 255;

/**
 * The service part of a finding, from the flat names that Security Hub keeps it under: `aws/guardduty/service/count`,
 * `…/portProbeDetails.0_/remoteIpDetails/ipAddressV4`. Values stay text. At most 1,024 names, 16 levels, and lists of 256.
 */
export function serviceOf(productFields: Json): Json {
  const root: Tree = Object.create(null);
  let left = maxFields;
  for (const name of Object.keys(productFields)) {
    if (!name.startsWith(prefix)) continue;
    if (left-- <= 0) break;
    const path = name.slice(prefix.length).split('/').flatMap(steps);
    if (path.length <= maxDepth) set(root, path, own(productFields, name));
  }
  return root;
}

/** `portProbeDetails.0_` is the first element of a list. */
function steps(part: string): (string | number)[] {
  const index = /^(.{1,128})\.(\d{1,3})_$/.exec(part);
  if (index !== null) return [index[1] as string, Number(index[2])];
  return /^\d{1,3}$/.test(part) ? [Number(part)] : [part];
}

function set(root: Tree, path: readonly (string | number)[], value: unknown): void {
  let at: Tree | unknown[] = root;
  for (let i = 0; i < path.length; i++) {
    const step = path[i] as string | number;
    const next = path[i + 1];
    if (Array.isArray(at) !== (typeof step === 'number')) return;
    if (typeof step === 'number' && step > maxIndex) return;
    const here = at as Tree;
    if (next === undefined) {
      here[step] ??= value;
      return;
    }
    here[step] ??= typeof next === 'number' ? [] : Object.create(null);
    const inner = here[step];
    if (typeof inner !== 'object' || inner === null) return;
    at = inner as Tree;
  }
}
