import S3rver from 's3rver';

/** The emulator, in a process of its own: its pages need a cipher that OpenSSL has only when asked for at the start. */
const [directory = '', bucket = ''] = process.argv.slice(2);
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  configureBuckets: [{ name: bucket, configs: [] }],
});
server.on('event', (event: unknown) => process.send?.({ event }));
process.on('disconnect', () => process.exit());
const { port } = await server.run();
process.send?.({ port });
