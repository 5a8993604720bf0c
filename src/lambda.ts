/** Scops as a function of AWS Lambda: judge and learn CloudTrail and GuardDuty as they come. */
export { createHandler, type ScopsHandler } from './lambda/handler.ts';
export type { BatchResponse, LambdaContext } from './lambda/messages.ts';
export type { HandlerOptions } from './lambda/settings.ts';
