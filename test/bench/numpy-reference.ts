/** The same loops in numpy, one thread, in a process that is asked for one repetition at a time. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { createModel } from '../../src/models/create-model';
import { startOf, type Loop, type Repetition } from './loops';

const ONE_THREAD = { OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OMP_NUM_THREADS: '1', BLIS_NUM_THREADS: '1' };

export interface NumpyVersions {
  readonly numpy: string;
  readonly python: string;
  /** Which of the formulations of the loop was the fastest here. */
  readonly formulation: string;
}

/** A Python that has numpy, or null. */
export function findPython(): string | null {
  return ['python3', '/usr/bin/python3'].find((command) => spawnSync(command, ['-c', 'import numpy']).status === 0) ?? null;
}

export class NumpyReference {
  private readonly folder = mkdtempSync(join(tmpdir(), 'bias-lab-bench-'));
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private readonly answers: AsyncIterator<string>;

  constructor(python: string) {
    this.child = spawn(python, [join(__dirname, 'reference.py')], { env: { ...process.env, ...ONE_THREAD } });
    this.child.stderr.pipe(process.stderr);
    this.lines = createInterface({ input: this.child.stdout });
    this.answers = this.lines[Symbol.asyncIterator]();
  }

  /** Hands the loop's data over; the bytes are the same as ours. */
  async load(loop: Loop): Promise<NumpyVersions> {
    const file = join(this.folder, `${loop.name}.f64`);
    const { matrix, y, samples } = loop.data;
    const order = { loop: loop.name, file, samples, stepSize: loop.stepSize, start: loop.start };
    if (matrix?.observed != null && loop.model.kind === 'matrix-factorization') {
      // Places, values, and the start of square factors.
      const { rows: size } = matrix;
      writeFileSync(file, Buffer.from(Float64Array.of(...matrix.observed, ...y, ...startOf(loop, loop.model.depth * size * size)).buffer));
      return (await this.ask({ ...order, features: 1, size })) as NumpyVersions;
    }
    const { x, features } = loop.data;
    const widths = loop.model.kind === 'network' ? loop.model.widths : [];
    // A network starts from its parameters in the order of the contract: W1, b1, W2, b2, …
    const size = loop.model.kind === 'network' ? createModel(loop.model, loop.data).parameterCount : 0;
    const start = size > 0 ? startOf(loop, size) : [];
    writeFileSync(file, Buffer.from(Float64Array.of(...x, ...y, ...start).buffer));
    return (await this.ask({ ...order, features, ...(size > 0 ? { widths } : {}) })) as NumpyVersions;
  }

  async repeat(steps: number): Promise<Repetition> {
    return (await this.ask({ steps })) as Repetition;
  }

  dispose(): void {
    this.child.stdin.end();
    this.lines.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask(order: object): Promise<unknown> {
    this.child.stdin.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await this.answers.next();
    if (done === true) throw new Error('The numpy process has ended.');
    return JSON.parse(value);
  }
}
