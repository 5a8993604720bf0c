import { createHash } from 'node:crypto';
import { words } from './words.ts';

interface Page {
  /** Log text may be in it: it is escaped here. */
  readonly title: string;
  readonly style: string;
  /** Markup, escaped already. */
  readonly header: string;
  readonly main: string;
  /** When it was made. */
  readonly made: string;
}

/** A page that stands alone: no script, nothing external; its policy forbids both and allows its one style sheet by hash. */
export function page({ title, style, header, main, made }: Page): string {
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${words(title, 200)} · Scops</title>
<style>${style}</style>
</head>
<body>
<header class="top">${header}</header>
<main>
${main}
</main>
<footer><p>Made ${words(made, 40)} by Scops. A finding is unusual, which is not yet an attack: read its reasons.</p></footer>
</body>
</html>
`;
}
