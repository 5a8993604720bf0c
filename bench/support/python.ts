import { spawnSync } from 'node:child_process';

/** The Python that runs the peers: the one that SCOPS_PYTHON names, or python3 on the path. bench/README.md says more. */
export const python = process.env.SCOPS_PYTHON ?? 'python3';

/** Whether that Python has scikit-learn. */
export const hasScikitLearn = (): boolean => spawnSync(python, ['-c', 'import sklearn']).status === 0;
