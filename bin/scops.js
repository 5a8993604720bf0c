#!/usr/bin/env node
var major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    'Scops needs Node.js 24 or newer; this is ' +
      process.version +
      '.\n' +
      'Install it from https://nodejs.org, or run: npx --package=node@24 --package=scops scops\n',
  );
  process.exit(1);
}
import('../dist/cli/main.js');
