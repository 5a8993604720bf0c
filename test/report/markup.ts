export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

export interface Markup {
  readonly elements: readonly Element[];
  /** Content between tags, still escaped; without style sheets. */
  readonly text: string;
}

const voids = new Set(['meta', 'br']);

/**
 * Read XML, or HTML written as strictly: balanced tags, quoted attributes, each once, known references only, and no
 * character that XML 1.0 forbids. Throws at the first breach, so that escaping which fails is seen.
 */
export function readMarkup(source: string, html = false): Markup {
  const elements: Element[] = [];
  const open: string[] = [];
  let text = '';
  let at = html ? source.indexOf('\n') : 0;
  while (at < source.length) {
    const next = source.indexOf('<', at);
    const content = source.slice(at, next < 0 ? undefined : next);
    check(content, open.at(-1) === 'style');
    if (open.at(-1) !== 'style') text += content;
    if (next < 0) break;
    const end = source.indexOf('>', next);
    if (end < 0) throw new Error(`A tag does not end: ${source.slice(next, next + 80)}`);
    const tag = source.slice(next + 1, end);
    at = end + 1;
    if (tag.startsWith('/')) {
      const name = open.pop();
      if (name !== tag.slice(1)) throw new Error(`<${tag}> closes <${name}>`);
      continue;
    }
    const element = readTag(tag.endsWith('/') ? tag.slice(0, -1) : tag);
    elements.push(element);
    const closed = tag.endsWith('/') || (html && voids.has(element.name));
    if (!closed) open.push(element.name);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)}> stays open`);
  return { elements, text };
}

function readTag(tag: string): Element {
  const name = /^[a-zA-Z][a-zA-Z0-9]*/.exec(tag)?.[0];
  if (name === undefined) throw new Error(`Not a tag: <${tag.slice(0, 80)}>`);
  const attributes = new Map<string, string>();
  let rest = tag.slice(name.length);
  while (rest.trim() !== '') {
    const match = /^\s+([a-zA-Z][a-zA-Z:-]*)="([^"<]*)"/.exec(rest);
    if (match === null) throw new Error(`Not an attribute: ${rest.slice(0, 80)}`);
    const [all, key = '', value = ''] = match;
    if (attributes.has(key)) throw new Error(`${key} stands twice in <${tag}>`);
    check(value, false);
    attributes.set(key, value);
    rest = rest.slice(all.length);
  }
  return { name, attributes };
}

function check(content: string, style: boolean): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(content) || !content.isWellFormed()) {
    throw new Error(`A forbidden character: ${JSON.stringify(content.slice(0, 80))}`);
  }
  if (content.includes('>') && !style) throw new Error(`A bare >: ${content.slice(0, 80)}`);
  if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(content)) throw new Error(`An unknown reference: ${content.slice(0, 80)}`);
}
