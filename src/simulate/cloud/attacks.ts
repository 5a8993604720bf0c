import { credentialsInside, credentialsOutside, leakedKey, pipelineAbuse } from './attacks/credentials.ts';
import { behindService, blinding } from './attacks/hiding.ts';
import { consoleTakeover, insider } from './attacks/people.ts';
import { rolePivot, stolenSession } from './attacks/sessions.ts';
import type { Episode, Stage } from './episode.ts';

/** How attacks go; each seed has all of them. */
export const attacks = {
  'instance-credentials-outside': credentialsOutside,
  'instance-credentials-inside': credentialsInside,
  'leaked-key': leakedKey,
  'stolen-session': stolenSession,
  'console-takeover': consoleTakeover,
  'pipeline-abuse': pipelineAbuse,
  'role-pivot': rolePivot,
  insider,
  blinding,
  'behind-service': behindService,
} as const satisfies Record<string, (stage: Stage) => Episode>;
