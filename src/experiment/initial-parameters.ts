/** The parameters that training starts from. */
import type { ParameterBlock } from '../models/model';
import { randomStream } from '../numerics/random';
import { setBalancedLayers } from './balanced-layers';
import type { InitSpec } from './schema';

/** Explicit parameters that do not fit the model; `checkMeaning` says the same with a place in the file. */
export class InitError extends Error {
  readonly code = 'meaning.init-shape';

  constructor(
    /** JSON Pointer into the experiment file. */
    readonly pointer: string,
    message: string,
  ) {
    super(message);
    this.name = 'InitError';
  }
}

/** "b", "b1", and "2.b1" of the second term of a sum. */
const BIAS = /(^|\.)b\d*$/;

/** Biases are the blocks b, b1, b2, …, also as terms of a sum; all others hold weights. */
export function isBias({ name }: Pick<ParameterBlock, 'name'>): boolean {
  return BIAS.test(name);
}

/**
 * @param blocks the model's parameter blocks, which partition the vector
 * @param stream name of the random stream
 * @returns one entry a parameter, in the order of the blocks
 * @throws InitError where explicit parameters have another shape than the model's
 */
export function initialParameters(init: InitSpec, blocks: readonly ParameterBlock[], seed: number, stream = 'init'): Float64Array {
  const size = blocks.reduce((sum, block) => sum + block.rows * block.columns, 0);
  const theta = new Float64Array(size);
  switch (init.kind) {
    case 'zero':
      return theta;
    case 'constant':
      return theta.fill(init.scale);
    case 'gaussian': {
      const random = randomStream(seed, stream);
      return theta.map(() => init.scale * random.gaussian());
    }
    case 'ntk':
    case 'mean-field': {
      const random = randomStream(seed, stream);
      const weights = blocks.filter((block) => !isBias(block));
      for (const { rows, columns, offset } of weights) {
        const outer = init.kind === 'mean-field' && offset === weights.at(-1)?.offset;
        const deviation = init.scale / (outer ? columns : Math.sqrt(columns));
        for (let k = 0; k < rows * columns; k++) theta[offset + k] = deviation * random.gaussian();
      }
      return theta;
    }
    case 'uniform': {
      const random = randomStream(seed, stream);
      return theta.map(() => init.scale * (2 * random.uniform() - 1));
    }
    case 'identity':
      for (const { rows, columns, offset } of blocks) {
        for (let i = 0; i < Math.min(rows, columns); i++) theta[offset + i * columns + i] = init.scale;
      }
      return theta;
    case 'balanced':
      setBalancedLayers(theta, blocks, init.scale, randomStream(seed, stream));
      return theta;
    case 'antisymmetric': {
      const random = randomStream(seed, stream);
      for (let k = 0; k < size; k++) theta[k] = init.scale * random.gaussian();
      pairUnits(theta, blocks);
      return theta;
    }
    case 'scale-shape': {
      // |uv| = α and (v − u)/(v + u) = s.
      const ratio = Math.sqrt((1 - init.shape) / (1 + init.shape));
      const [u, v] = [Math.sqrt(init.scale) * ratio, Math.sqrt(init.scale) / ratio];
      blocks.forEach(({ offset, rows, columns }, k) => {
        const sign = k % 4 === 3 ? -1 : 1;
        theta.fill(k % 2 === 0 ? u : sign * v, offset, offset + rows * columns);
      });
      return theta;
    }
    case 'explicit':
      fill(theta, init.parameters, blocks);
      return theta;
    default:
      return init satisfies never;
  }
}

function fill(theta: Float64Array, parameters: readonly (readonly number[])[], blocks: readonly ParameterBlock[]): void {
  if (parameters.length !== blocks.length) {
    const names = blocks.map(({ name }) => name).join(', ');
    throw new InitError(
      '/init/parameters',
      `The init has ${parameters.length} parameter blocks, the model has ${blocks.length}: ${names}.`,
    );
  }
  blocks.forEach((block, k) => {
    const expected = block.rows * block.columns;
    if (parameters[k].length !== expected) {
      throw new InitError(`/init/parameters/${k}`, `Block ${block.name} has ${parameters[k].length} entries: expected ${expected}.`);
    }
    theta.set(parameters[k], block.offset);
  });
}

/** Units j and j + m/2 of the last hidden layer get the same inputs and opposite outer weights: f = 0. Outer biases are 0. */
function pairUnits(theta: Float64Array, blocks: readonly ParameterBlock[]): void {
  const layers = blocks.filter(({ name }) => /^W\d+$/.test(name));
  const outer = layers.at(-1);
  const inner = layers.at(-2);
  if (outer === undefined || inner === undefined || outer.columns % 2 !== 0) {
    throw new InitError('/init', 'An antisymmetric start needs a network whose last hidden layer has an even number of units.');
  }
  const half = outer.columns / 2;
  const number = layers.length;
  for (const block of blocks) {
    if (block.name === `b${number}`) theta.fill(0, block.offset, block.offset + block.rows * block.columns);
    // Rows of W, entries of b: one unit each.
    const perUnit = block === inner ? inner.columns : block.name === `b${number - 1}` ? 1 : 0;
    theta.copyWithin(block.offset + half * perUnit, block.offset, block.offset + half * perUnit);
  }
  for (let output = 0; output < outer.rows; output++) {
    const at = outer.offset + output * outer.columns;
    for (let j = 0; j < half; j++) theta[at + half + j] = -theta[at + j];
  }
}
