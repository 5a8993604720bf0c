import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { renderHtml } from '../../src/report/html.ts';
import { renderSvg } from '../../src/report/svg.ts';
import { hostile } from '../report/hostile.ts';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
const quiet =
  '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --enable-logging=stderr';

/** Open what a loopback server serves in a real browser: what it asked the server for, and what it complained about. */
async function open(body: string, type: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response
      .setHeader('content-type', type)
      .end(request.url === '/' ? body.replaceAll('LEAK', `http://${request.headers.host}/leak`) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const profile = await mkdtemp(join(tmpdir(), 'scops-e2e-'));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { stdout, stderr } = await promisify(execFile)(
      chromium,
      [...quiet.split(' '), `--user-data-dir=${profile}`, '--virtual-time-budget=3000', '--dump-dom', url],
      { timeout: 60_000, maxBuffer: 64 << 20 },
    );
    return {
      asked: asked.filter((path) => path !== '/favicon.ico'),
      dom: stdout,
      complaints: stderr.match(/.*CONSOLE.*/g) ?? [],
    };
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const texts = [
  '<img src="LEAK"><script>document.title="owned";console.log("owned")</script>',
  `"'><svg onload=console.log("owned")><style>@import "LEAK";</style>`,
  '</title></style></pre></details><link rel=stylesheet href="LEAK">',
];

test('the browser does report what an unsafe page does', async () => {
  const { asked, complaints } = await open(`<!doctype html><p>${texts.join('')}</p>`, 'text/html; charset=utf-8');
  assert.ok(asked.includes('/leak'));
  assert.ok(complaints.length > 0);
});

test('a page of hostile findings loads nothing, runs nothing and keeps to its own policy', async () => {
  const { asked, dom, complaints } = await open(renderHtml(hostile(texts)), 'text/html; charset=utf-8');
  assert.deepEqual(complaints, []);
  assert.deepEqual(asked, ['/']);
  assert.match(dom, /<h2 id="findings">/);
  assert.doesNotMatch(dom, /<script|<img|<link/);
});

test('a hostile picture is well-formed XML for a browser, and loads nothing', async () => {
  const { asked, dom, complaints } = await open(renderSvg(hostile(texts)), 'image/svg+xml');
  assert.deepEqual(complaints, []);
  assert.deepEqual(asked, ['/']);
  assert.doesNotMatch(dom, /parsererror|<script|<img/);
});
