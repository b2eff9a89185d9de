/** Experiments that differ from a file in one thing, and what the theory says of each: from the text alone, before any data is read. */
import { applyEdits, modify, type JSONPath } from 'jsonc-parser';
import type { FileDocument } from '../experiment/document';
import { errorsOf } from '../experiment/meaning';
import { readExperiment } from '../experiment/read';
import type { Experiment, ModelSpec } from '../experiment/schema';
import type { Lead, Neighbour, Source } from '../protocol/compute';
import { outlineExperiment } from '../theory/catalogue';
import { Cancelled, type Environment } from './environment';

interface Change {
  readonly change: string;
  readonly path: JSONPath;
  readonly value: unknown;
}

/** Losses of labels ±1: any of them may stand for another. */
const MARGIN_LOSSES = ['logistic', 'exponential', 'squared-hinge', 'exponential-power', 'polynomial'] as const;
const OPTIMIZERS = ['gradient-flow', 'gradient-descent', 'sgd'] as const;
const FORMAT = { formattingOptions: { tabSize: 2, insertSpaces: true, eol: '\n' } };

/** Empty for a text that is no experiment. */
export function neighboursOf({ text }: Source, environment: Pick<Environment, 'cancelled'>): Promise<readonly Neighbour[]> {
  const { experiment, document } = readExperiment(text);
  if (experiment === null) return Promise.resolve([]);
  const now = leadOf(experiment);
  const neighbours: Neighbour[] = [];
  for (const change of changesOf(experiment, document)) {
    if (environment.cancelled()) return Promise.reject(new Cancelled());
    const neighbour = neighbourOf(text, change, now);
    if (neighbour !== null) neighbours.push(neighbour);
  }
  return Promise.resolve(neighbours);
}

/** Null where the changed file would be wrong. */
function neighbourOf(text: string, { change, path, value }: Change, now: Lead | null): Neighbour | null {
  const changed = applyEdits(text, modify(text, path, value, FORMAT));
  // What was expected of the file as it was.
  const open =
    readExperiment(changed).experiment?.expect === undefined
      ? changed
      : applyEdits(changed, modify(changed, ['expect'], undefined, FORMAT));
  const { experiment } = readExperiment(open);
  if (experiment === null || errorsOf(open).length > 0) return null;
  const lead = leadOf(experiment);
  return { change, text: open, lead, same: lead?.result === now?.result && lead?.symbol === now?.symbol };
}

function leadOf(experiment: Experiment): Lead | null {
  const first = outlineExperiment(experiment).at(0);
  if (first === undefined || !first.mayApply) return null;
  const { result, citedAs, symbol } = first;
  return { result: result.id, title: result.title, citedAs, symbol, status: result.status };
}

function changesOf(experiment: Experiment, document: FileDocument): readonly Change[] {
  return [
    ...lossChanges(experiment),
    ...depthChanges(experiment.model),
    ...scaleChanges(experiment, document.find('/init') !== null),
    ...optimizerChanges(experiment),
  ];
}

function lossChanges({ loss }: Experiment): readonly Change[] {
  const { kind, reduction } = loss;
  if (!MARGIN_LOSSES.some((name) => name === kind)) return [];
  return MARGIN_LOSSES.filter((name) => name !== kind).map((name) => ({
    change: `loss: ${name} instead of ${kind}`,
    path: ['loss'],
    value: reduction === 'mean' ? name : { kind: name, reduction },
  }));
}

function depthChanges(model: ModelSpec): readonly Change[] {
  switch (model.kind) {
    case 'diagonal':
    case 'linear-convolution':
    case 'matrix-factorization':
      return [model.depth + 1, model.depth - 1].map((depth) => ({
        change: `depth: ${depth} instead of ${model.depth}`,
        path: ['model', 'depth'],
        value: depth,
      }));
    case 'linear-network':
    case 'network':
      return layerChanges(model.widths, ['model', 'widths']);
    case 'scaled':
      return layerChanges(model.model.widths, ['model', 'model', 'widths']);
    case 'linear':
    case 'neuron':
    case 'sum':
      return [];
    default:
      return model satisfies never;
  }
}

/** Layers count with the last one, which has no width of its own. */
function layerChanges(widths: readonly number[], path: JSONPath): readonly Change[] {
  return [[...widths, ...widths.slice(-1)], widths.slice(0, -1)].map((changed) => ({
    change: `depth: ${changed.length + 1} layers instead of ${widths.length + 1}`,
    path,
    value: changed,
  }));
}

/** @param written whether the file says how it starts */
function scaleChanges({ init }: Experiment, written: boolean): readonly Change[] {
  if (!('scale' in init) || init.scale === 0) return [];
  // The quotients of decimal fractions are written as such.
  return [init.scale * 10, init.scale / 10].map((product) => {
    const scale = Number(product.toPrecision(12));
    const change = `init: scale ${scale} instead of ${init.scale}`;
    return written ? { change, path: ['init', 'scale'], value: scale } : { change, path: ['init'], value: { ...init, scale } };
  });
}

function optimizerChanges({ optimizer }: Experiment): readonly Change[] {
  const descends = optimizer.kind === 'gradient-descent' || optimizer.kind === 'sgd';
  const step = descends && optimizer.stepSize !== undefined ? { stepSize: optimizer.stepSize } : {};
  return OPTIMIZERS.filter((kind) => kind !== optimizer.kind).map((kind) => ({
    change: `optimizer: ${kind} instead of ${optimizer.kind}`,
    path: ['optimizer'],
    value: kind === 'gradient-flow' ? { kind } : { kind, ...step },
  }));
}
