/** Every error code; docs/errors.md has a remedy for each, and a test compares the two. */
export const errorCodes = [
  'USAGE',
  'CONFIG_INVALID',
  'COMPONENT_UNKNOWN',
  'DEPENDENCY_MISSING',
  'SOURCE_UNREADABLE',
  'SINK_FAILED',
  'MODEL_FORMAT',
  'MODEL_MISMATCH',
  'NOTHING_LEARNT',
  'INPUT_INVALID',
  'OUTPUT_UNWRITABLE',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The one error class of Scops. The message says what, where, and with which value; `cause` keeps the original. */
export class ScopsError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ScopsError';
    this.code = code;
  }
}
