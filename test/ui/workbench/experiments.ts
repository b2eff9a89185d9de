/** The experiments that the workspace of the workbench tests holds. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Two equations in three unknowns from zero: the solution closest to zero is (1/3, 1/3, 2/3), by hand. */
export const CLOSEST = {
  title: 'Closest solution',
  data: {
    kind: 'inline',
    x: [
      [1, 0, 1],
      [0, 1, 1],
    ],
    y: [1, 1],
  },
  model: { kind: 'linear' },
  init: { kind: 'zero' },
  loss: 'square',
  optimizer: { kind: 'gradient-flow' },
};

/** Separable points in the plane. */
export const MARGIN = {
  title: 'Largest margin',
  seed: 3,
  data: { kind: 'separable', samples: 40, features: 8, margin: 0.5 },
  model: { kind: 'linear' },
  loss: 'logistic',
  optimizer: { kind: 'gradient-flow' },
};

export const DIAGONAL = {
  title: 'Small initialisation',
  seed: 1,
  data: { kind: 'sparse-regression', samples: 12, features: 30, sparsity: 2 },
  model: { kind: 'diagonal', depth: 2 },
  init: { kind: 'constant', scale: 0.01 },
  loss: 'square',
  optimizer: { kind: 'gradient-flow' },
  compare: ['l1', 'l2'],
};

/** Runs until it is cancelled: logistic gradient descent improves for ever, and nothing stops it for hours. */
export const ENDLESS = {
  title: 'Endless descent',
  seed: 3,
  data: { kind: 'separable', samples: 100, features: 64, margin: 0.5 },
  model: { kind: 'linear' },
  loss: 'logistic',
  optimizer: { kind: 'gradient-descent', stepSize: 0.001 },
  stop: { steps: 1e12 },
};

export async function putExperiments(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = { closest: CLOSEST, margin: MARGIN, diagonal: DIAGONAL, endless: ENDLESS };
  for (const [name, experiment] of Object.entries(files)) {
    await writeFile(join(folder, `${name}.bias.json`), `${JSON.stringify(experiment, null, 2)}\n`);
  }
}
