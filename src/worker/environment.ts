import type { Source } from '../protocol/compute';
import type { LinearProgramSolver } from '../solvers/reference-problem';
import type { Environment } from '../study/environment';
import { sha256 } from './digest';
import { confinedFiles } from './files';
import { loadLinearProgramSolver } from './highs';
import { VERSION } from './version';

let solver: Promise<LinearProgramSolver> | undefined;

/** HiGHS, loaded once a worker; a failed load is tried again at the next use. */
function linearPrograms(): Promise<LinearProgramSolver> {
  solver ??= loadLinearProgramSolver().catch((error: unknown) => {
    solver = undefined;
    throw error;
  });
  return solver;
}

/**
 * The world as Node gives it to a study.
 * @param cancel one Int32, shared with who asked; 1 asks to stop; null: nobody asks so
 * @param watched figures are drawn on the way
 */
export function nodeEnvironment(source: Source, cancel: SharedArrayBuffer | null, watched = false): Environment {
  const flag = cancel && new Int32Array(cancel);
  return {
    files: confinedFiles(source),
    linearPrograms,
    cancelled: () => flag !== null && Atomics.load(flag, 0) !== 0,
    now: () => performance.now(),
    sha256,
    version: VERSION,
    watched,
  };
}
