import { isObject, type Json } from '../../wazuh/values.ts';

const maxDepth = 16;

/**
 * The value with every property's first letter in lower case, as the REST interface has what the SDKs write with a
 * capital. What lies deeper than 16 levels is left out. Names such as `AWS::IAM::Role`, which are data, change too.
 */
export function lowerCamel(value: Json): Json {
  return convert(value, 0) as Json;
}

function convert(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return depth < maxDepth ? value.map((item) => convert(item, depth + 1)) : undefined;
  if (!isObject(value)) return value;
  if (depth >= maxDepth) return undefined;
  const converted: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) converted[lower(key)] = convert(value[key], depth + 1);
  return converted;
}

const lower = (key: string): string => key.charAt(0).toLowerCase() + key.slice(1);
