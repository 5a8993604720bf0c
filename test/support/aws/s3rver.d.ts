/** As far as the tests use it: the package has no types of its own. */
declare module 's3rver' {
  import type { EventEmitter } from 'node:events';

  export default class S3rver extends EventEmitter {
    constructor(options: {
      readonly address: string;
      readonly port: number;
      readonly silent: boolean;
      readonly directory: string;
      readonly resetOnClose?: boolean;
      readonly configureBuckets?: readonly { readonly name: string; readonly configs: readonly string[] }[];
    });
    run(): Promise<{ readonly port: number }>;
    close(): Promise<void>;
  }
}
