import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Kept {
  readonly body: Buffer;
  readonly etag: string;
}

/**
 * The part of S3 that conditional writes are about, on loopback, paths as `/bucket/key`: GetObject with Range and
 * If-None-Match, PutObject with If-Match and If-None-Match, each answering as S3 says that it does.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export class S3Server implements AsyncDisposable {
  readonly objects = new Map<string, Kept>();
  /** Such as `GET /bucket/key`, with the status it was answered with. */
  readonly calls: string[] = [];
  /** Called before a request is answered; a number is answered as such a failure. */
  before: (call: string) => number | undefined = () => undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<S3Server> {
    const server = createServer((request, response) => void s3.#answer(request, response));
    const s3 = new S3Server(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return s3;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a function of Lambda has in its environment. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_S3: this.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    };
  }

  put(bucket: string, key: string, body: Uint8Array): void {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    this.objects.set(`/${bucket}/${key}`, { body: Buffer.from(body), etag });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    const call = `${request.method} ${path}`;
    const forced = this.before(call);
    const {
      status,
      body = '',
      headers = {},
    } = forced === undefined ? this.#act(request, path, unchunked(request, Buffer.concat(pieces))) : failure(forced);
    this.calls.push(`${call} ${status}`);
    response.writeHead(status, headers).end(status === 304 ? undefined : body);
  }

  #act({ method, headers }: IncomingMessage, path: string, sent: Buffer): Answer {
    const found = this.objects.get(path);
    const wanted = headers['if-match'];
    const unwanted = headers['if-none-match'];
    if (method === 'PUT') {
      if (wanted !== undefined && found === undefined) return failure(404);
      if (wanted !== undefined && wanted !== found?.etag) return failure(412);
      if (unwanted === '*' && found !== undefined) return failure(412);
      const [, bucket = '', key = ''] = /^\/([^/]+)\/(.+)$/.exec(path) ?? [];
      this.put(bucket, key, sent);
      return { status: 200, headers: { etag: this.objects.get(path)?.etag ?? '' } };
    }
    if (found === undefined) return failure(404);
    const { body, etag } = found;
    if (unwanted === etag) return { status: 304, headers: { etag } };
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    if (from === undefined) return { status: 200, body, headers: { etag } };
    if (Number(from) >= body.length) return failure(416);
    const end = Math.min(Number(to), body.length - 1);
    const range = { etag, 'content-range': `bytes ${from}-${end}/${body.length}` };
    return { status: 206, body: body.subarray(Number(from), end + 1), headers: range };
  }
}

interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}

const codes: Readonly<Record<number, string>> = {
  403: 'AccessDenied',
  404: 'NoSuchKey',
  409: 'ConditionalRequestConflict',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
};

const failure = (status: number): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${codes[status] ?? 'InternalError'}</Code><Message>no</Message></Error>`,
});

/** The SDK may send a body in chunks of its own, each with its length, and a checksum behind. */
function unchunked({ headers }: IncomingMessage, sent: Buffer): Buffer {
  if (!String(headers['content-encoding'] ?? '').includes('aws-chunked')) return sent;
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = sent.indexOf('\r\n', at);
    const length = Number.parseInt(sent.toString('latin1', at, end), 16);
    if (!(length > 0)) return Buffer.concat(pieces);
    pieces.push(sent.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}
