import { createHandler } from 'scops/lambda';

/** Its settings come from the environment: see template.yaml. */
export const handler = createHandler();
