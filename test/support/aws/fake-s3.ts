import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { escapeMarkup } from '../../../src/text/escape.ts';

/** What is answered instead of an object or a list. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  /** It passes after so many answers. @default never */
  readonly times?: number;
}

/** As much of S3 as sources ask of it, with faults on demand and a log of what was asked. */
export interface FakeS3 extends AsyncDisposable {
  readonly endpoint: string;
  /** Of each request the method's part of the address: `list PREFIX after KEY` or `get KEY bytes=…`. */
  readonly asked: string[];
  /** By key; `''` is the list. */
  readonly faults: Map<string, Fault>;
  /** Keys whose next answer breaks off in the middle. */
  readonly breaks: Set<string>;
  put(key: string, body: Uint8Array | string): void;
  remove(key: string): void;
}

export async function startFakeS3(page = 1000): Promise<FakeS3> {
  const objects = new Map<string, { readonly body: Buffer; readonly etag: string }>();
  const asked: string[] = [];
  const faults = new Map<string, Fault>();
  const breaks = new Set<string>();
  let puts = 0;

  const refuse = (response: ServerResponse, { status, code, message = code }: Fault): void => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
  };
  const faulty = (response: ServerResponse, key: string): boolean => {
    const fault = faults.get(key);
    if (fault === undefined) return false;
    const { times = Number.POSITIVE_INFINITY } = fault;
    if (times <= 1) faults.delete(key);
    else faults.set(key, { ...fault, times: times - 1 });
    refuse(response, fault);
    return true;
  };
  const list = (response: ServerResponse, query: URLSearchParams): void => {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    asked.push(`list ${prefix} after ${after}`);
    if (faulty(response, '')) return;
    const most = Math.min(page, Number(query.get('max-keys') ?? page));
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const listed = keys.slice(0, most);
    const contents = listed.map((key) => {
      const { body, etag } = objects.get(key) as { body: Buffer; etag: string };
      const modified = '<LastModified>2026-02-02T03:04:05.000Z</LastModified>';
      return `<Contents><Key>${escapeMarkup(key)}</Key><Size>${body.length}</Size><ETag>&quot;${etag}&quot;</ETag>${modified}</Contents>`;
    });
    const more =
      keys.length > listed.length
        ? `<NextContinuationToken>${escapeMarkup(listed.at(-1) as string)}</NextContinuationToken>`
        : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<ListBucketResult><IsTruncated>${more !== ''}</IsTruncated>${contents.join('')}${more}</ListBucketResult>`,
    );
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, bucket = '', ...rest] = url.pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    if (bucket !== 'logs') return refuse(response, { status: 404, code: 'NoSuchBucket' });
    if (key === '') return list(response, url.searchParams);
    const { range = '', 'if-match': expected } = request.headers;
    asked.push(`get ${key} ${range}`);
    if (faulty(response, key)) return;
    const object = objects.get(key);
    if (object === undefined) return refuse(response, { status: 404, code: 'NoSuchKey' });
    const { body, etag } = object;
    if (expected !== undefined && expected !== `"${etag}"`)
      return refuse(response, { status: 412, code: 'PreconditionFailed' });
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    if (Number(from) >= body.length) return refuse(response, { status: 416, code: 'InvalidRange' });
    const part = body.subarray(Number(from), Number(to) + 1);
    response.writeHead(206, {
      etag: `"${etag}"`,
      'content-length': part.length,
      'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${body.length}`,
    });
    if (!breaks.delete(key)) return void response.end(part);
    response.write(part.subarray(0, Math.floor(part.length / 2)), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    faults,
    breaks,
    put: (key, body) => void objects.set(key, { body: Buffer.from(body), etag: `tag${++puts}` }),
    remove: (key) => void objects.delete(key),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
