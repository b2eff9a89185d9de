/** What an optimizer asks of its own numbers and of the start, and a loss of its own. */
import { choleskyInPlace } from '../../numerics/cholesky';
import { fix, type FileDocument, type Finding } from '../document';
import type { Experiment } from '../schema';
import { blocksOf } from './init-checks';
import { matrixOf } from './matrix-checks';

/** @param features of the data, @param outputs of the model; null where the file alone does not tell */
export function checkNormMatrix({ optimizer, model, data }: Experiment, features: number | null, outputs: number | null): Finding[] {
  if (optimizer.kind !== 'steepest-descent' || typeof optimizer.norm === 'string') return [];
  const { matrix } = optimizer.norm;
  const pointer = '/optimizer/norm/matrix';
  const code = 'meaning.norm-matrix';
  const size = matrix.length;
  const ragged = matrix.findIndex((row) => row.length !== size);
  if (ragged >= 0) {
    const message = `The matrix of a quadratic norm is square: row ${ragged} has ${matrix[ragged].length} entries, there are ${size} rows.`;
    return [{ code, message, pointer: `${pointer}/${ragged}` }];
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      if (matrix[i][j] === matrix[j][i]) continue;
      const message = `The matrix of a quadratic norm is symmetric: entry (${i}, ${j}) is ${matrix[i][j]}, entry (${j}, ${i}) is ${matrix[j][i]}.`;
      return [{ code, message, pointer: `${pointer}/${i}/${j}` }];
    }
  }
  if (!choleskyInPlace(Float64Array.from(matrix.flat()), size)) {
    return [{ code, message: 'The matrix of a quadratic norm is positive definite: this one is not.', pointer, part: 'key' }];
  }
  if (features === null || outputs === null) return [];
  const parameters = blocksOf(model, features, outputs, matrixOf(data)).reduce((sum, { length }) => sum + length, 0);
  if (parameters === size) return [];
  const message = `The matrix of the norm has ${size} rows, the model has ${parameters} parameters.`;
  return [{ code, message, pointer, part: 'key' }];
}

/** The entropy lives on positive parameters. */
export function checkMirrorStart({ optimizer, init }: Experiment, document: FileDocument): Finding[] {
  if (optimizer.kind !== 'mirror-descent') return [];
  const { potential } = optimizer;
  if (potential !== 'entropy') return [];
  const positive =
    init.kind === 'explicit'
      ? init.parameters.every((block) => block.every((value) => value > 0))
      : init.kind === 'constant' && init.scale > 0;
  if (positive) return [];
  const start = '{ "kind": "constant", "scale": 0.1 }';
  const given = document.find('/init') !== null;
  const change = given ? document.replacement('/init', start) : document.addition('', 'init', start);
  return [
    {
      code: 'meaning.mirror-start',
      message: `The entropy potential needs positive parameters at the start; the init is ${init.kind}${given ? '' : ' (the default)'}.`,
      pointer: given ? '/init' : '/optimizer/potential',
      part: 'key',
      fixes: change === null ? [] : [fix('Start at the constant 0.1', [change])],
    },
  ];
}

/** A loss with a term added is not divided by its own value or gradient. */
export function checkWeightDecay({ optimizer }: Experiment, document: FileDocument): Finding[] {
  if (optimizer.kind !== 'gradient-descent' || optimizer.weightDecay === 0 || optimizer.normalize === 'none') return [];
  const change = document.removal('/optimizer/normalize');
  return [
    {
      code: 'meaning.weight-decay',
      message: `Weight decay goes with plain steps: these are divided by the ${optimizer.normalize}.`,
      pointer: '/optimizer/weightDecay',
      fixes: change === null ? [] : [fix('Remove "normalize"', [change])],
    },
  ];
}

/** Without momentum its kind does nothing. */
export function checkMomentumKind({ optimizer }: Experiment, document: FileDocument): Finding[] {
  const pointer = '/optimizer/momentumKind';
  if (optimizer.kind !== 'gradient-descent' || optimizer.momentum > 0 || document.find(pointer) === null) return [];
  const removal = document.removal(pointer);
  const given = document.find('/optimizer/momentum') !== null;
  const momentum = given ? document.replacement('/optimizer/momentum', '0.9') : document.addition('/optimizer', 'momentum', '0.9');
  return [
    {
      code: 'meaning.momentum-kind',
      message: 'The kind of momentum acts only with momentum above 0.',
      pointer,
      part: 'key',
      fixes: [
        ...(removal === null ? [] : [fix('Remove "momentumKind"', [removal])]),
        ...(momentum === null ? [] : [fix('Set momentum to 0.9', [momentum])]),
      ],
    },
  ];
}

/** Only two losses have an exponent. */
export function checkLossPower({ loss }: Experiment, document: FileDocument): Finding[] {
  const pointer = '/loss/power';
  if (loss.kind === 'exponential-power' || loss.kind === 'polynomial' || document.find(pointer) === null) return [];
  const change = document.removal(pointer);
  return [
    {
      code: 'meaning.loss-power',
      message: `The ${loss.kind} loss has no power: exponential-power and polynomial have one.`,
      pointer,
      part: 'key',
      fixes: change === null ? [] : [fix('Remove "power"', [change])],
    },
  ];
}
