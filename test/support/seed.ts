import fc from 'fast-check';

/** The gate must not depend on luck: property tests draw from one seed, except when fuzzing, which draws longer and anew. */
fc.configureGlobal(process.env.FUZZ ? { numRuns: 5_000 } : { seed: 1 });
