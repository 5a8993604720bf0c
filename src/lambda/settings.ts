import { type Context, ScopsError, type Sink } from '../event/index.ts';
import { type Limit, parseBudget, parseContamination } from '../triage/limit.ts';

/** What a handler is made with. What is not given comes from the environment variable named with it. */
export interface HandlerOptions {
  /** SCOPS_MODEL: `s3://bucket/key`, or a file in the function's package, which is then only read. */
  readonly model?: string;
  /** SCOPS_DETECTOR: whose model to begin where there is none yet. @default 'principal-likelihood' */
  readonly detector?: string;
  /** The detector's own options: see docs/reference. */
  readonly detectorOptions?: Readonly<Record<string, unknown>>;
  /** SCOPS_ENRICHERS: such as `asn:asn.csv`, in this order. Separated by spaces or commas in the environment. */
  readonly enrichers?: readonly string[];
  /** SCOPS_SINKS: such as `slack` or `webhook:https://siem.example/scops`, or sinks of your own. @default stdout:json */
  readonly sinks?: readonly (string | Sink)[];
  /** SCOPS_BUDGET: how many findings a day are wanted, such as `5/day`; needs a model that was fitted. */
  readonly budget?: string;
  /** SCOPS_CONTAMINATION: the share of training events to call strange, in (0, 0.5]. */
  readonly contamination?: number;
  /** SCOPS_LEARN: whether the model goes on learning. @default true for a model in S3 that can */
  readonly learn?: boolean;
  /** SCOPS_QUIET_DAYS: until a learning model has seen so many days, only findings of GuardDuty are delivered. @default 7 */
  readonly quietDays?: number;
  /** SCOPS_SAMPLES: judge the sample findings too that GuardDuty makes up on request. @default false */
  readonly samples?: boolean;
  /** SCOPS_VERBOSE: log more. @default false */
  readonly verbose?: boolean;
  /** Another clock, network, environment or output. */
  readonly context?: Partial<Context>;
}

export interface Settings {
  readonly model: string;
  /** Undefined where nobody named one. */
  readonly detector: string | undefined;
  readonly detectorOptions: Readonly<Record<string, unknown>>;
  readonly enrichers: readonly string[];
  readonly sinks: readonly (string | Sink)[];
  readonly limit: Limit | undefined;
  readonly learn: boolean | undefined;
  readonly quietDays: number;
  readonly samples: boolean;
}

type Env = Context['env'];

/** Throws ScopsError CONFIG_INVALID or USAGE, naming the variable. */
export function settingsOf(options: HandlerOptions, env: Env): Settings {
  const model = options.model ?? env.SCOPS_MODEL ?? '';
  if (model === '') {
    throw new ScopsError(
      'CONFIG_INVALID',
      'Where is the model? Set SCOPS_MODEL to s3://BUCKET/KEY; it may not exist yet.',
    );
  }
  const budget = options.budget ?? some(env.SCOPS_BUDGET);
  const contamination = options.contamination ?? numberOf(env, 'SCOPS_CONTAMINATION');
  if (budget !== undefined && contamination !== undefined) {
    throw new ScopsError('CONFIG_INVALID', 'Set SCOPS_BUDGET or SCOPS_CONTAMINATION, not both.');
  }
  const byShare = contamination === undefined ? undefined : parseContamination(contamination);
  const sinks = options.sinks ?? listOf(env.SCOPS_SINKS);
  const quietDays = options.quietDays ?? numberOf(env, 'SCOPS_QUIET_DAYS') ?? 7;
  if (!(quietDays >= 0)) throw new ScopsError('CONFIG_INVALID', `SCOPS_QUIET_DAYS is ${quietDays}: below 0.`);
  return {
    model,
    detector: options.detector ?? some(env.SCOPS_DETECTOR),
    detectorOptions: options.detectorOptions ?? {},
    enrichers: options.enrichers ?? listOf(env.SCOPS_ENRICHERS),
    sinks: sinks.length > 0 ? sinks : ['stdout:json'],
    limit: budget === undefined ? byShare : parseBudget(budget),
    learn: options.learn ?? flagOf(env, 'SCOPS_LEARN'),
    quietDays,
    samples: options.samples ?? flagOf(env, 'SCOPS_SAMPLES') ?? false,
  };
}

const some = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
const listOf = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean);

function numberOf(env: Env, name: string): number | undefined {
  const text = some(env[name]?.trim());
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new ScopsError('CONFIG_INVALID', `${name} is "${text}": not a number.`);
}

/** True or false, as the environment says it. */
export function flagOf(env: Env, name: string): boolean | undefined {
  const text = some(env[name]?.trim().toLowerCase());
  if (text === undefined) return undefined;
  if (['true', '1', 'yes'].includes(text)) return true;
  if (['false', '0', 'no'].includes(text)) return false;
  throw new ScopsError('CONFIG_INVALID', `${name} is "${text}": neither true nor false.`);
}
