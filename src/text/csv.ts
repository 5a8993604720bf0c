/**
 * The fields of one line of comma-separated values. Quoted fields may hold commas, and quotes written twice; a quote
 * inside an unquoted field stands for itself. Undefined when a quoted field does not end, or more follows its end.
 * A record over several lines is not one line, so not read. Linear time. RFC 4180 section 2.
 */
export function splitCsv(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const end = line[at] === '"' ? endOfQuoted(line, at) : endOfPlain(line, at);
    if (end === undefined) return undefined;
    fields.push(line[at] === '"' ? line.slice(at + 1, end - 1).replaceAll('""', '"') : line.slice(at, end));
    if (end === line.length) return fields;
    at = end + 1;
  }
}

function endOfPlain(line: string, from: number): number {
  const comma = line.indexOf(',', from);
  return comma < 0 ? line.length : comma;
}

/** Just after the closing quote, which a comma or the line's end must follow. */
function endOfQuoted(line: string, from: number): number | undefined {
  for (let at = from + 1; ; at += 2) {
    at = line.indexOf('"', at);
    if (at < 0) return undefined;
    if (line[at + 1] === '"') continue;
    return at + 1 === line.length || line[at + 1] === ',' ? at + 1 : undefined;
  }
}
