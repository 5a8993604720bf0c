/** What Lambda's own runtime does, as far as a handler sees it: load the file, hand over events, pass answers on. */
const [path = '', limit = '60000'] = process.argv.slice(2);
const { handler } = await import(path);

process.on('message', async ({ event, id }: { event: unknown; id: number }) => {
  const until = performance.now() + Number(limit);
  const context = {
    awsRequestId: `request-${id}`,
    memoryLimitInMB: '1024',
    getRemainingTimeInMillis: () => until - performance.now(),
  };
  try {
    process.send?.({ id, answer: await handler(event, context) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
