export * from './component.ts';
export * from './context.ts';
export * from './contracts.ts';
export * from './error.ts';
export * from './event.ts';
export * from './finding.ts';
