/** The init against the model and the data. */
import { countInWords } from '../../numerics/in-words';
import { LIMITS } from '../../protocol/limits';
import { fix, type FileDocument, type Finding } from '../document';
import type { Experiment, InitSpec, ModelSpec } from '../schema';
import { matrixOf } from './matrix-checks';

/** Names and lengths of a model's parameter blocks for d features and K outputs. */
export function blocksOf(
  model: TermSpec | ModelSpec,
  features: number,
  outputs: number,
  matrix: { readonly rows: number; readonly columns: number } | null = null,
): readonly { readonly name: string; readonly length: number }[] {
  switch (model.kind) {
    case 'linear':
      if (outputs > 1) return layerBlocks([features, outputs], model.bias ? 'all' : 'none');
      return [{ name: 'w', length: features }, ...(model.bias ? [{ name: 'b', length: 1 }] : [])];
    case 'diagonal':
      return model.tied
        ? ['u', 'v'].map((name) => ({ name, length: features }))
        : Array.from({ length: model.depth }, (_, layer) => ({ name: `w${layer + 1}`, length: features }));
    case 'linear-network':
      return layerBlocks([features, ...model.widths, outputs], 'none');
    case 'linear-convolution':
      return Array.from({ length: model.depth }, (_, layer) => ({ name: `w${layer + 1}`, length: features }));
    case 'network':
      return layerBlocks([features, ...model.widths, outputs], model.bias);
    case 'neuron':
      return [{ name: 'w', length: features }];
    case 'scaled':
      return blocksOf({ ...model.model, trainable: 'all' }, features, outputs);
    case 'sum':
      return model.terms.flatMap((term, t) =>
        blocksOf(term, features, outputs).map(({ name, length }) => ({ name: `${t + 1}.${name}`, length })),
      );
    case 'matrix-factorization': {
      const { rows, columns } = matrix ?? { rows: 1, columns: features };
      if (model.symmetric) return [{ name: 'U', length: rows * (model.width ?? rows) }];
      const inner = Array.from({ length: model.depth - 1 }, () => model.width ?? Math.min(rows, columns));
      return layerBlocks([columns, ...inner, rows], 'none');
    }
    default:
      return model satisfies never;
  }
}

type TermSpec = Extract<ModelSpec, { kind: 'sum' }>['terms'][number];

function layerBlocks(sizes: readonly number[], bias: 'none' | 'first' | 'all'): { name: string; length: number }[] {
  return sizes
    .slice(1)
    .flatMap((units, l) => [
      { name: `W${l + 1}`, length: units * sizes[l] },
      ...(bias === 'all' || (bias === 'first' && l === 0) ? [{ name: `b${l + 1}`, length: units }] : []),
    ]);
}

/** @param features of the data, @param outputs of the model; null where the file alone does not tell */
export function checkInitShape({ init, model, data }: Experiment, features: number | null, outputs: number | null): Finding[] {
  if (init.kind !== 'explicit') return [];
  const blocks = blocksOf(model, features ?? 1, outputs ?? 2, matrixOf(data));
  const { parameters } = init;
  if (parameters.length !== blocks.length) {
    const names = blocks.map(({ name }) => name).join(', ');
    const message = `${plural(parameters.length, 'parameter block')} given, the model has ${blocks.length}: ${names}.`;
    return [{ code: 'meaning.init-shape', message, pointer: '/init/parameters', part: 'key' }];
  }
  if (features === null || outputs === null) return [];
  return blocks.flatMap(({ name, length }, k) => {
    const found = parameters[k].length;
    if (found === length) return [];
    const expected =
      name === 'b'
        ? 'a bias is 1 number'
        : length === features
          ? `the data has ${plural(features, 'feature')}`
          : `expected ${length} (units × inputs)`;
    const message = `Block ${name} has ${plural(found, 'entry', 'entries')}, ${expected}.`;
    return [{ code: 'meaning.init-shape', message, pointer: `/init/parameters/${k}` }];
  });
}

/** Parameters, and the activations of a batch, have to fit into memory. */
export function checkModelSize(
  model: ModelSpec,
  samples: number,
  features: number,
  outputs: number,
  pointer: '/model' | '/data/model' = '/model',
  matrix: ReturnType<typeof matrixOf> = null,
): Finding[] {
  const parameters = blocksOf(model, features, outputs, matrix).reduce((sum, { length }) => sum + length, 0);
  const finding = (what: string): Finding[] => [
    { code: 'meaning.too-large', message: `${what}: expected at most ${countInWords(LIMITS.numbers)}.`, pointer, part: 'key' },
  ];
  if (parameters > LIMITS.numbers) return finding(`The model has ${countInWords(parameters)} parameters`);
  const units = unitsOf(model) + outputs;
  return samples * units > LIMITS.numbers
    ? finding(`${countInWords(samples)} samples × ${countInWords(units)} units are ${countInWords(samples * units)} activations`)
    : [];
}

function unitsOf(model: TermSpec | ModelSpec): number {
  if (model.kind === 'sum') return model.terms.reduce((sum, term) => sum + unitsOf(term), 0);
  if (model.kind === 'scaled') return unitsOf({ ...model.model, trainable: 'all' });
  return 'widths' in model ? model.widths.reduce((sum, width) => sum + width, 0) : 0;
}

/** The same for the teacher of the data. */
export function checkTeacherSize({ data }: Experiment): Finding[] {
  if (data.kind !== 'teacher') return [];
  return checkModelSize(data.model, Math.max(data.samples, data.testSamples), data.features, 1, '/data/model');
}

interface Start {
  readonly init: InitSpec;
  readonly model: ModelSpec;
  /** JSON Pointer of the init. */
  readonly pointer: string;
}

/** Every start of the file: that of the model, and that of a teacher. */
function startsOf({ init, model, data }: Experiment): readonly Start[] {
  const own = { init, model, pointer: '/init' };
  return data.kind === 'teacher' ? [own, { init: data.init, model: data.model, pointer: '/data/init' }] : [own];
}

/** Units come in pairs: of a network with a hidden layer, and an even number of units in the last. */
export function checkInitPairs(experiment: Experiment): Finding[] {
  return startsOf(experiment).flatMap(({ init, model, pointer }) => {
    if (init.kind !== 'antisymmetric') return [];
    const network = model.kind === 'scaled' ? model.model : model;
    const width = 'widths' in network ? network.widths.at(-1) : undefined;
    if (width === undefined) {
      const message = `An antisymmetric start needs hidden units in pairs: a ${model.kind} model has no hidden layer.`;
      return [{ code: 'meaning.init-pairs', message, pointer: `${pointer}/kind` }];
    }
    if (width % 2 === 0) return [];
    const message = `An antisymmetric start needs an even number of units in the last hidden layer: found ${width}.`;
    return [{ code: 'meaning.init-pairs', message, pointer: `${pointer}/kind` }];
  });
}

/** Scale and shape are of products of two layers: an untied diagonal network of depth 2, or a sum of such networks. */
export function checkInitProducts(experiment: Experiment): Finding[] {
  return startsOf(experiment).flatMap(({ init, model, pointer }) => {
    if (init.kind !== 'scale-shape') return [];
    const terms = model.kind === 'sum' ? model.terms : [model];
    if (terms.every((term) => term.kind === 'diagonal' && !term.tied && term.depth === 2)) return [];
    const message = `A start by scale and shape needs untied diagonal networks of depth 2, or a sum of them: found ${model.kind}.`;
    return [{ code: 'meaning.init-products', message, pointer: `${pointer}/kind` }];
  });
}

/** At zero every product of layers has gradient zero: a diagonal network that starts there stays there. */
export function checkInitMoves({ init, model }: Experiment, document: FileDocument): Finding[] {
  if (model.kind !== 'diagonal' && (model.kind !== 'matrix-factorization' || model.depth < 2)) return [];
  const zero =
    init.kind === 'explicit'
      ? init.parameters.every((block) => block.every((value) => value === 0))
      : init.kind === 'zero' || init.scale === 0;
  if (zero) {
    const diagonal = model.kind === 'diagonal';
    const better = diagonal ? '{ "kind": "constant", "scale": 0.1 }' : '{ "kind": "identity", "scale": 0.1 }';
    const change = document.replacement('/init', better);
    return [
      {
        code: 'meaning.init-never-moves',
        severity: 'warning',
        message: `A ${diagonal ? 'diagonal network' : 'product of matrices'} never moves from 0: its gradient is 0 there.`,
        pointer: '/init',
        part: 'key',
        fixes: change === null ? [] : [fix(diagonal ? 'Start at the constant 0.1' : 'Start at 0.1 times the identity', [change])],
      },
    ];
  }
  // Equal layers stay equal under the gradient, so w = w1^D, and w1 cannot pass 0, where its gradient vanishes.
  if (model.kind === 'diagonal' && !model.tied && init.kind === 'constant') {
    const message =
      'All layers start equal and stay so: no coefficient can become negative. A tied network has coefficients of both signs.';
    return [{ code: 'meaning.init-one-sign', severity: 'information', message, pointer: '/init', part: 'key' }];
  }
  return [];
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
