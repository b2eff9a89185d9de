/** How it is trained and what is recorded. */
import { LIMITS } from '../../protocol/limits';
import { MEASURE_NAMES } from '../../protocol/measures';
import { fix, type FileDocument, type Finding } from '../document';
import { nearestName } from '../nearest-name';
import type { Experiment } from '../schema';

/** Batches that a message or a repair lists. */
const MOST_LISTED = 20;

/** Models of one output a sample; the cross-entropy loss asks for one a class. */
const ONE_OUTPUT: readonly string[] = ['diagonal', 'linear-convolution', 'neuron', 'matrix-factorization'];

export function checkOutputs({ model, loss }: Experiment, document: FileDocument): Finding[] {
  if (loss.kind !== 'cross-entropy') return [];
  const kinds = model.kind === 'sum' ? model.terms.map(({ kind }) => kind) : [model.kind];
  const single = kinds.find((kind) => ONE_OUTPUT.includes(kind));
  if (single === undefined) return [];
  const pointer = document.find('/loss/kind') === null ? '/loss' : '/loss/kind';
  const message = `The cross-entropy loss needs one output a class: a ${single} model has one output in all.`;
  return [{ code: 'meaning.outputs', message, pointer }];
}

/** @param samples of the training data; null where the file alone does not tell */
export function checkBatchSize({ optimizer }: Experiment, document: FileDocument, samples: number | null): Finding[] {
  if (optimizer.kind !== 'sgd' || samples === null || optimizer.batchSize <= samples) return [];
  const pointer = '/optimizer/batchSize';
  const change = document.replacement(pointer, String(samples));
  const message = `A batch of ${optimizer.batchSize} is larger than the data: it has ${samples} ${samples === 1 ? 'sample' : 'samples'}.`;
  return [{ code: 'meaning.batch-size', message, pointer, fixes: change === null ? [] : [fix(`Set batchSize to ${samples}`, [change])] }];
}

/**
 * Every batch once, and no other.
 * @param samples of the training data; null where the file alone does not tell
 */
export function checkBatchOrder({ optimizer }: Experiment, document: FileDocument, samples: number | null): Finding[] {
  if (optimizer.kind !== 'sgd' || typeof optimizer.sampling === 'string' || samples === null) return [];
  const { order } = optimizer.sampling;
  const batches = Math.ceil(samples / optimizer.batchSize);
  if (order.length === batches && new Set(order).size === batches && order.every((batch) => batch < batches)) return [];
  const pointer = '/optimizer/sampling/order';
  const wanted = Array.from({ length: batches }, (_, batch) => batch);
  const change = batches > MOST_LISTED ? null : document.replacement(pointer, JSON.stringify(wanted));
  const message =
    `${samples} samples in batches of ${optimizer.batchSize} are ${batches} ${batches === 1 ? 'batch' : 'batches'}: ` +
    `expected each of 0 … ${batches - 1} once, found ${order.length > MOST_LISTED ? `${order.length} entries` : order.join(', ')}.`;
  return [
    {
      code: 'meaning.batch-order',
      message,
      pointer,
      part: 'key',
      fixes: change === null ? [] : [fix('List the batches in the order of the data', [change])],
    },
  ];
}

/** Labels that are moved have to be numbers whose distance is measured. */
export function checkLabelNoise({ optimizer, loss }: Experiment, document: FileDocument): Finding[] {
  if (optimizer.kind !== 'sgd' || optimizer.labelNoise === 0 || loss.kind === 'square') return [];
  const pointer = '/optimizer/labelNoise';
  const change = document.removal(pointer);
  return [
    {
      code: 'meaning.label-noise',
      message: `Noise of the labels goes with the square loss: of the ${loss.kind} loss the labels are classes.`,
      pointer,
      fixes: change === null ? [] : [fix('Remove "labelNoise"', [change])],
    },
  ];
}

export function checkMeasures({ record, data }: Experiment, document: FileDocument): Finding[] {
  const found: Finding[] = [];
  const seen = new Set<string>();
  record.measures?.forEach((name, k) => {
    // The nearest name of each of ten thousand takes seconds, and no more are shown.
    if (found.length >= LIMITS.diagnostics) return;
    const pointer = `/record/measures/${k}`;
    if (!(MEASURE_NAMES as readonly string[]).includes(name)) {
      const near = nearestName(name, MEASURE_NAMES);
      const change = near === null ? null : document.replacement(pointer, JSON.stringify(near));
      const offer = near === null ? `expected one of ${MEASURE_NAMES.join(', ')}.` : `did you mean ${JSON.stringify(near)}?`;
      const shown = JSON.stringify(name.length > 40 ? `${name.slice(0, 39)}…` : name);
      found.push({
        code: 'meaning.unknown-measure',
        message: `There is no measure ${shown}: ${offer}`,
        pointer,
        fixes: change === null ? [] : [fix(`Replace with ${JSON.stringify(near)}`, [change])],
      });
    } else if (seen.has(name)) {
      found.push({
        code: 'meaning.repeated-measure',
        severity: 'warning',
        message: `The measure ${JSON.stringify(name)} stands twice: it is recorded once.`,
        pointer,
      });
    } else if (name === 'testLoss' && !hasTestSamples(data)) {
      const message = 'There are no test samples to measure a test loss on.';
      found.push({ code: 'meaning.no-test-samples', severity: 'warning', message, pointer });
    }
    seen.add(name);
  });
  return found;
}

function hasTestSamples(data: Experiment['data']): boolean {
  if (data.kind === 'inline') return data.test !== undefined;
  if (data.kind === 'csv') return data.testFraction > 0;
  return 'testSamples' in data && data.testSamples > 0;
}
