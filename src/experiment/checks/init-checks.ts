/** The init against the model and the data. */
import { fix, type FileDocument, type Finding } from '../document';
import type { Experiment, ModelSpec } from '../schema';

/** Names and lengths of a model's parameter blocks for d features. */
export function blocksOf(model: ModelSpec, features: number): readonly { readonly name: string; readonly length: number }[] {
  switch (model.kind) {
    case 'linear':
      return [{ name: 'w', length: features }, ...(model.bias ? [{ name: 'b', length: 1 }] : [])];
    case 'diagonal':
      return model.tied
        ? ['u', 'v'].map((name) => ({ name, length: features }))
        : Array.from({ length: model.depth }, (_, layer) => ({ name: `w${layer + 1}`, length: features }));
    default:
      return model satisfies never;
  }
}

/** @param features of the data; null where the file alone does not tell */
export function checkInitShape({ init, model }: Experiment, features: number | null): Finding[] {
  if (init.kind !== 'explicit') return [];
  const blocks = blocksOf(model, features ?? 0);
  const { parameters } = init;
  if (parameters.length !== blocks.length) {
    const names = blocks.map(({ name }) => name).join(', ');
    const message = `${plural(parameters.length, 'parameter block')} given, the model has ${blocks.length}: ${names}.`;
    return [{ code: 'meaning.init-shape', message, pointer: '/init/parameters', part: 'key' }];
  }
  if (features === null) return [];
  return blocks.flatMap(({ name, length }, k) => {
    const found = parameters[k].length;
    if (found === length) return [];
    const expected = name === 'b' ? 'a bias is 1 number' : `the data has ${plural(features, 'feature')}`;
    const message = `Block ${name} has ${plural(found, 'entry', 'entries')}, ${expected}.`;
    return [{ code: 'meaning.init-shape', message, pointer: `/init/parameters/${k}` }];
  });
}

/** At zero every product of layers has gradient zero: a diagonal network that starts there stays there. */
export function checkInitMoves({ init, model }: Experiment, document: FileDocument): Finding[] {
  if (model.kind !== 'diagonal') return [];
  const zero =
    init.kind === 'explicit'
      ? init.parameters.every((block) => block.every((value) => value === 0))
      : init.kind === 'zero' || init.scale === 0;
  if (zero) {
    const change = document.replacement('/init', '{ "kind": "constant", "scale": 0.1 }');
    return [
      {
        code: 'meaning.init-never-moves',
        severity: 'warning',
        message: 'A diagonal network never moves from 0: its gradient is 0 there.',
        pointer: '/init',
        part: 'key',
        fixes: change === null ? [] : [fix('Start at the constant 0.1', [change])],
      },
    ];
  }
  // Equal layers stay equal under the gradient, so w = w1^D, and w1 cannot pass 0, where its gradient vanishes.
  if (!model.tied && init.kind === 'constant') {
    const message =
      'All layers start equal and stay so: no coefficient can become negative. A tied network has coefficients of both signs.';
    return [{ code: 'meaning.init-one-sign', severity: 'information', message, pointer: '/init', part: 'key' }];
  }
  return [];
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
