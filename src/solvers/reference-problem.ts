/**
 * A reference problem is data; a solver answers with a point and what is needed to certify it;
 * the certificate is computed here from the answer alone, never taken from the solver.
 */
import type { Certificate } from '../protocol/report';

export interface Answer {
  /** The minimizer. */
  readonly point: Float64Array;
  /** Dual variables, in the order of the problem's constraints. */
  readonly multipliers: Float64Array;
  readonly objective: number;
  readonly certificate: Certificate;
}

/** A linear program min c·x s.t. Ax = b, x ≥ 0 (A rows × columns, row-major). */
export interface LinearProgram {
  readonly cost: Float64Array;
  readonly matrix: Float64Array;
  readonly rhs: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

export interface LinearProgramAnswer {
  readonly status: 'optimal' | 'infeasible' | 'unbounded' | 'failed';
  readonly x: Float64Array;
  /** Duals ν of Ax = b: reduced costs are c − Aᵀν ≥ 0. */
  readonly duals: Float64Array;
}

/** Linear programming comes from outside (HiGHS), because loading it needs a file system or the network. */
export interface LinearProgramSolver {
  solve(program: LinearProgram): LinearProgramAnswer;
}

/** A reference problem has no certified answer: which one and why. */
export class SolverError extends Error {
  constructor(
    readonly problem: string,
    readonly reason: 'infeasible' | 'no-convergence' | 'unbounded' | 'too-large',
    message: string,
  ) {
    super(message);
    this.name = 'SolverError';
  }
}
