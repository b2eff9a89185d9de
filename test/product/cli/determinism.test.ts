import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Report } from '../../../src/protocol/report';
import { ComputePool } from '../../../src/worker/pool';
import { ROOT } from '../../lanes/repository';
import { bundleProduct } from '../worker/bundle';
import { call } from './terminal-double';

/** Every random stream, every solver and every dynamics of the first rows, in small. */
const EXPERIMENTS = {
  'gradient descent on separable data': {
    data: { kind: 'separable', samples: 20, features: 5 },
    model: { kind: 'linear' },
    loss: 'logistic',
    optimizer: { kind: 'gradient-descent' },
    stop: { steps: 2000 },
    compare: ['max-margin'],
  },
  'mini-batches from a Gaussian start': {
    seed: 7,
    data: { kind: 'sparse-regression', samples: 10, features: 25, noise: 0.1 },
    model: { kind: 'linear' },
    init: { kind: 'gaussian', scale: 0.3 },
    loss: 'square',
    optimizer: { kind: 'sgd', batchSize: 2 },
    compare: ['l1', 'l2'],
  },
  'the flow of a diagonal network': {
    seed: 3,
    data: { kind: 'sparse-regression', samples: 8, features: 20 },
    model: { kind: 'diagonal', depth: 2 },
    init: { kind: 'constant', scale: 0.05 },
    loss: 'square',
    optimizer: { kind: 'gradient-flow' },
    compare: ['l1', 'l2'],
  },
  'a network in the memory of the kernels': {
    data: { kind: 'separable', samples: 20, features: 5 },
    model: { kind: 'network', widths: [12, 12], activation: 'tanh' },
    init: { kind: 'gaussian', scale: 0.3 },
    loss: 'square',
    optimizer: { kind: 'gradient-descent', stepSize: 0.05 },
    stop: { steps: 300 },
  },
} as const;

describe('the same file and seed give the same report', function () {
  this.timeout(60_000);
  this.slow(4000);
  let workerPath: string;
  let cwd: string;

  before(async () => {
    workerPath = path.join(await bundleProduct(), 'worker.js');
    cwd = mkdtempSync(path.join(tmpdir(), 'bias-lab-same-'));
  });
  after(() => rmSync(cwd, { recursive: true, force: true }));

  /** The report as it is written, without `seconds`. */
  async function reportText(compute: ComputePool, experiment: object): Promise<string> {
    writeFileSync(path.join(cwd, 'x.bias.json'), JSON.stringify(experiment));
    const { out, err } = await call(['run', 'x.bias.json', '--json', '-'], { cwd, compute });
    assert.match(out, /^ "seconds": [\d.e-]+,$/m, err);
    return out.replace(/^ "seconds": .*\n/m, '');
  }

  it('is described key by key in docs/report.md', async () => {
    const compute = new ComputePool({ workerPath, size: 1 });
    try {
      const [experiment] = Object.values(EXPERIMENTS);
      const report = JSON.parse(await reportText(compute, experiment)) as Report;
      const described = readFileSync(path.join(ROOT, 'docs', 'report.md'), 'utf8');
      const { solution, verdict, predictions, references } = report;
      const keys = [report, solution, verdict, ...predictions, ...references].flatMap((part) => Object.keys(part));
      assert.ok(keys.length > 30);
      assert.deepEqual(
        keys.filter((key) => !described.includes(`\`${key}\``)),
        [],
      );
    } finally {
      await compute.dispose();
    }
  });

  const solutionOf = (text: string): readonly (readonly number[])[] => (JSON.parse(text) as Report).solution.parameters;

  for (const [name, experiment] of Object.entries(EXPERIMENTS)) {
    it(`${name}: in the same worker, in a new one, but not with another seed`, async () => {
      const old = new ComputePool({ workerPath, size: 1 });
      const fresh = new ComputePool({ workerPath, size: 1 });
      try {
        const first = await reportText(old, experiment);
        assert.equal(await reportText(old, experiment), first);
        assert.equal(await reportText(fresh, experiment), first);
        assert.notDeepEqual(solutionOf(await reportText(old, { ...experiment, seed: 99 })), solutionOf(first));
      } finally {
        await Promise.all([old.dispose(), fresh.dispose()]);
      }
    });
  }

  it('with the kernels that BIAS_LAB_KERNELS names, which the report tells; others are refused by name', async () => {
    const experiment = EXPERIMENTS['a network in the memory of the kernels'];
    const answers: Report[] = [];
    const kept = process.env.BIAS_LAB_KERNELS;
    try {
      for (const kernels of ['wasm-simd', 'typescript', 'wasm-simd', 'abacus']) {
        process.env.BIAS_LAB_KERNELS = kernels;
        const compute = new ComputePool({ workerPath, size: 1 });
        try {
          if (kernels !== 'abacus') answers.push(JSON.parse(await reportText(compute, experiment)) as Report);
          else {
            const { err } = await call(['run', 'x.bias.json'], { cwd, compute });
            assert.match(err, /BIAS_LAB_KERNELS: expected wasm-simd or .*typescript on this machine, found "abacus"/);
          }
        } finally {
          await compute.dispose();
        }
      }
    } finally {
      if (kept === undefined) delete process.env.BIAS_LAB_KERNELS;
      else process.env.BIAS_LAB_KERNELS = kept;
    }
    assert.deepEqual(
      answers.map(({ kernels }) => kernels),
      ['wasm-simd', 'typescript', 'wasm-simd'],
    );
    const [simd, typescript, again] = answers.map(({ solution }) => JSON.stringify(solution.parameters));
    assert.equal(simd, again);
    assert.notEqual(simd, typescript);
  });
});
