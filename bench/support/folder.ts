import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that holds `what`: `data` itself, or a folder of it by the name of its field, such as `login`. */
export function folderWith(data: string, field: string, what: string): string | undefined {
  if (data === '') return undefined;
  return [data, join(data, field)].find((folder) => existsSync(join(folder, what)));
}
