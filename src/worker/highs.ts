/** Linear programs by HiGHS (Huangfu & Hall 2018, "Parallelizing the dual revised simplex method"), compiled to WebAssembly. */
import type { Highs, ModelData } from 'highs';
import type { LinearProgram, LinearProgramAnswer, LinearProgramSolver } from '../solvers/reference-problem';
import { loadHighsModule } from './highs-module';

/** Tightest tolerance that HiGHS accepts; the program is scaled to order one first, so it is relative. */
const TOLERANCE = 1e-10;

/** Status codes of HiGHS that are told apart here. */
const STATUS = { optimal: 7, infeasible: 8, unbounded: 10 } as const;

/** Loads HiGHS (3.5 MB of wasm, about 50 ms). */
export async function loadLinearProgramSolver(): Promise<LinearProgramSolver> {
  const highs = await loadHighsModule();
  return { solve: (program) => solve(highs, program) };
}

function solve(highs: Highs, program: LinearProgram): LinearProgramAnswer {
  for (const numbers of [program.cost, program.matrix, program.rhs]) if (!numbers.every(Number.isFinite)) return without('failed', program);
  const scaled = scale(program);
  const result = attempt(highs, scaled.model);
  switch (result.status) {
    case STATUS.optimal:
      return {
        status: 'optimal',
        x: result.x.map((value) => value * scaled.x),
        duals: result.duals.map((value, row) => value * scaled.duals[row]),
      };
    case STATUS.infeasible:
      return without('infeasible', program);
    case STATUS.unbounded:
      return without('unbounded', program);
    default:
      return without('failed', program);
  }
}

function without(status: 'infeasible' | 'unbounded' | 'failed', program: LinearProgram): LinearProgramAnswer {
  return { status, x: new Float64Array(program.columns), duals: new Float64Array(program.rows) };
}

interface Scaled {
  readonly model: ModelData;
  /** x of the program is this times x of the model. */
  readonly x: number;
  /** The same for the dual of each row. */
  readonly duals: Float64Array;
}

/**
 * min c·x, Ax = b, x ≥ 0 with every row of A, then b and c, brought to order one.
 * HiGHS works with absolute tolerances and drops small coefficients. Powers of two, so that nothing is rounded.
 */
function scale({ cost, matrix, rhs, rows, columns }: LinearProgram): Scaled {
  const rowFactor = Float64Array.from({ length: rows }, (_, row) => 1 / powerOfTwo(largest(matrix, row * columns, columns)));
  const scaledRhs = rhs.map((value, row) => value * rowFactor[row]);
  const rhsFactor = 1 / powerOfTwo(largest(scaledRhs, 0, rows));
  const costFactor = 1 / powerOfTwo(largest(cost, 0, columns));

  const starts = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    let entries = 0;
    for (let column = 0; column < columns; column++) if (matrix[row * columns + column] !== 0) entries++;
    starts[row + 1] = starts[row] + entries;
  }
  const indices = new Int32Array(starts[rows]);
  const values = new Float64Array(starts[rows]);
  for (let row = 0, next = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = matrix[row * columns + column];
      if (value === 0) continue;
      indices[next] = column;
      values[next++] = value * rowFactor[row];
    }
  }
  const bounds = scaledRhs.map((value) => value * rhsFactor);
  return {
    model: {
      numCols: columns,
      numRows: rows,
      colCost: cost.map((value) => value * costFactor),
      colLower: new Float64Array(columns),
      colUpper: new Float64Array(columns).fill(Infinity),
      rowLower: bounds,
      rowUpper: bounds,
      matrix: { format: 'csr', numRows: rows, numCols: columns, starts, indices, values },
    },
    x: 1 / rhsFactor,
    duals: rowFactor.map((factor) => factor / costFactor),
  };
}

interface Attempt {
  readonly status: number;
  readonly x: Float64Array;
  /** Multipliers of the rows; HiGHS reports them so that c − Aᵀν are the reduced costs. */
  readonly duals: Float64Array;
}

function attempt(highs: Highs, model: ModelData): Attempt {
  return highs.withModel(model, (instance) => {
    instance.options.set({
      output_flag: false,
      // Finds nothing to take away in dense data, and where there is no optimum it does not say why.
      presolve: 'off',
      solver: 'simplex',
      primal_feasibility_tolerance: TOLERANCE,
      dual_feasibility_tolerance: TOLERANCE,
      small_matrix_value: 1e-12,
    });
    instance.run();
    const status = instance.getModelStatus();
    if (status !== STATUS.optimal) return { status, x: new Float64Array(0), duals: new Float64Array(0) };
    const { colValue, rowDual } = instance.getSolution();
    return { status, x: colValue, duals: rowDual };
  });
}

function largest(values: Float64Array, start: number, length: number): number {
  let most = 0;
  for (let index = start; index < start + length; index++) most = Math.max(most, Math.abs(values[index]));
  return most;
}

/** A power of two within a factor two of a positive number; 1 for 0 and for what is not finite. */
function powerOfTwo(value: number): number {
  return value > 0 && value < Infinity ? 2 ** Math.min(1000, Math.max(-1000, Math.round(Math.log2(value)))) : 1;
}
