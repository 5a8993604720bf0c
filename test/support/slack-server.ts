import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test server does with a request: a status with a body, or nothing at all until the client gives up. */
export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
}

/** A real HTTP server on loopback. `reply` may return undefined to leave the client waiting. */
export async function serve(reply: (request: Received, earlier: number) => Reply | undefined): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
    const answer = reply(one, received.length);
    received.push(one);
    if (answer) response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * A server in Slack's place: answers as an incoming webhook does, refuses what Slack's reference forbids, and more than
 * one message a second by `now`. `reply` comes first, to play troubles.
 */
export function serveSlack(
  now: () => number,
  reply: (earlier: number) => Reply | 'hang' | undefined = () => undefined,
) {
  let last = Number.NEGATIVE_INFINITY;
  return serve((request, earlier) => {
    const trouble = reply(earlier);
    if (trouble === 'hang') return undefined;
    if (trouble) return trouble;
    if (!request.path.startsWith('/services/')) return { status: 404, body: 'no_service' };
    if (now() - last < 1000) return { status: 429, body: 'rate_limited', headers: { 'retry-after': '1' } };
    last = now();
    const wrong = refusal(JSON.parse(request.body));
    return wrong === undefined ? { status: 200, body: 'ok' } : { status: 400, body: wrong };
  });
}

type Json = { readonly [key: string]: unknown };
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Why Slack would refuse a message, by the limits of its Block Kit reference; undefined when it would take it. */
export function refusal(message: unknown): string | undefined {
  const { text, blocks } = message as Json;
  if (typeof text !== 'string' || text === '') return 'no_text';
  if (text.length > 4000) return 'msg_too_long';
  const all = list(blocks);
  if (all.length === 0 || all.length > 50) return 'invalid_blocks: 1 to 50 blocks';
  let length = 0;
  const problems: string[] = [];
  const sized = (value: unknown, most: number, what: string): void => {
    if (typeof value !== 'string' || value.length < 1 || value.length > most)
      problems.push(`${what}: 1 to ${most} characters`);
    else length += value.length;
  };
  const inline = (elements: unknown): void => {
    if (list(elements).length === 0) problems.push('rich text: no elements');
    for (const element of list(elements)) sized(element.text, 3000, 'text');
  };
  for (const block of all) {
    if (block.type === 'header') {
      const object = block.text as Json;
      if (object.type !== 'plain_text') problems.push('header: plain_text only');
      sized(object.text, 150, 'header');
    } else if (block.type === 'rich_text') {
      if (list(block.elements).length === 0) problems.push('rich_text: no elements');
      for (const element of list(block.elements)) {
        if (element.type === 'rich_text_list') {
          if (list(element.elements).length === 0) problems.push('list: no elements');
          for (const item of list(element.elements)) inline(item.elements);
        } else inline(element.elements);
      }
    } else problems.push(`unknown block ${String(block.type)}`);
  }
  if (length > 8000) return 'msg_blocks_too_long';
  return problems.length > 0 ? `invalid_blocks: ${problems[0]}` : undefined;
}
