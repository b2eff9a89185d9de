/** First half of the road: text → experiment → data → model, with every finding on the way. */
import { DataError, type Dataset, type FileAccess } from '../data/dataset';
import { mapFeatures } from '../data/features';
import { loadData } from '../data/load-data';
import { Curvature } from '../dynamics/curvature';
import { Objective } from '../dynamics/objective';
import { smoothnessBound } from '../dynamics/smoothness-bound';
import { initialParameters } from '../experiment/initial-parameters';
import { checkAgainstData, checkMeaning } from '../experiment/meaning';
import { parseExperiment } from '../experiment/parse';
import type { Experiment } from '../experiment/schema';
import { createLoss } from '../losses/create-loss';
import { createActivation } from '../models/activation';
import { activationSpec, createModel } from '../models/create-model';
import type { Model } from '../models/model';
import type { Diagnostic, Source } from '../protocol/compute';
import { Facts } from '../theory/facts';
import { leastSharpness } from '../theory/mulayoff-michaeli-2020-flat-minima';
import type { Situation } from '../theory/result';
import { defaultStep } from './default-step';
import type { Environment } from './environment';
import { createTeach } from './teach';

export interface Prepared {
  readonly diagnostics: readonly Diagnostic[];
  /** Null when a diagnostic is an error. */
  readonly ready: Ready | null;
}

export interface Ready {
  readonly situation: Situation;
  readonly objective: Objective;
  /** Largest eigenvalue of the Hessian of the loss along the way, or a bound of it; null for a flow, which has no step. */
  readonly curvature: number | null;
  /** SHA-256 of the text of the file of the data; null where they are in no file. */
  readonly dataHash: string | null;
}

const hasErrors = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(({ severity }) => severity === 'error');

export async function prepare(source: Source, environment: Environment): Promise<Prepared> {
  const { experiment, diagnostics: shape, document } = parseExperiment(source.text);
  if (experiment === null || hasErrors(shape)) return { diagnostics: shape, ready: null };
  const meaning = [...shape, ...checkMeaning(experiment, document)];
  if (hasErrors(meaning)) return { diagnostics: meaning, ready: null };

  let data: Dataset;
  let dataHash: string | null = null;
  // Of the text that is read, not of the file: it may change between two readings.
  const files: FileAccess = {
    readText: async (path) => {
      const text = await environment.files.readText(path);
      dataHash = await environment.sha256(text);
      return text;
    },
  };
  try {
    data = await loadData(experiment.data, experiment.seed, files, createTeach(experiment.seed));
    const { features, seed } = experiment;
    if (features !== undefined) {
      const { value } = createActivation(features.kind === 'random' ? activationSpec(features.activation) : { kind: 'identity' });
      data = mapFeatures(data, features, seed, value);
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { code, message, pointer } = error;
    return { diagnostics: [...meaning, document.diagnose({ code, message, pointer })], ready: null };
  }

  const outputs = experiment.loss.kind === 'cross-entropy' ? data.y.reduce((most, label) => Math.max(most, label), 1) + 1 : 1;
  const facts = { samples: data.samples, features: data.features, outputs, targets: data.y, lambdaMax: null };
  // Before the model is bound to the data: explicit parameters must fit it.
  const shapes = checkAgainstData(experiment, document, facts);
  if (hasErrors(shapes)) return { diagnostics: [...meaning, ...shapes], ready: null };

  const { model, start } = createStart(experiment, data, outputs);
  const loss = createLoss(experiment.loss, outputs);
  const objective = new Objective(model, loss, data.y);
  // A flow has no step: the search for the curvature along the way is spared.
  const curvature = experiment.optimizer.kind === 'gradient-flow' ? null : smoothnessBound(objective, start);
  const known = new Facts(model, data);
  const all = [
    ...meaning,
    ...checkAgainstData(experiment, document, {
      ...facts,
      lambdaMax: Number.isFinite(curvature) ? curvature : null,
      ...sharpnesses({ experiment, data, model, loss, objective, start, facts: known }),
    }),
  ];
  if (hasErrors(all)) return { diagnostics: all, ready: null };
  const { experiment: complete, stepSize } = withStepSize(experiment, () => defaultStep(experiment, objective, start, curvature));
  const situation: Situation = {
    experiment: complete,
    data,
    model,
    loss,
    start,
    objective,
    curvature: new Curvature(objective),
    stepSize,
    facts: known,
    linearPrograms: () => environment.linearPrograms(),
  };
  return { diagnostics: all, ready: { situation, objective, curvature, dataHash } };
}

type Loaded = Pick<Situation, 'experiment' | 'data' | 'model' | 'loss' | 'objective' | 'start' | 'facts'>;

/** What a step size of the file is held against, beyond linear models. */
function sharpnesses(loaded: Loaded): { readonly sharpnessAtStart: number | null; readonly leastSharpness: number | null } {
  const { experiment, model, loss, objective, start } = loaded;
  const { optimizer } = experiment;
  const asked = (optimizer.kind === 'gradient-descent' || optimizer.kind === 'sgd') && optimizer.stepSize !== undefined;
  if (!asked || loss.kind !== 'square' || model.kind === 'linear') return { sharpnessAtStart: null, leastSharpness: null };
  return {
    // Not the curvature of the situation: its answers depend on the places it has seen.
    sharpnessAtStart: optimizer.kind === 'sgd' ? null : new Curvature(objective).at(start).sharpness(),
    leastSharpness: leastSharpness(loaded),
  };
}

/** The model and where it starts. Of a network whose first layer alone is trained, the others keep their start inside the model. */
export function createStart(experiment: Experiment, data: Dataset, outputs: number): { model: Model; start: Float64Array } {
  const spec = experiment.model;
  const whole = createModel(spec.kind === 'network' ? { ...spec, trainable: 'all' } : spec, data, outputs);
  const start = initialParameters(experiment.init, whole.blocks, experiment.seed);
  if (spec.kind !== 'network' || spec.trainable === 'all') return { model: whole, start };
  const model = createModel(spec, data, outputs, start);
  return { model, start: start.slice(0, model.parameterCount) };
}

/** Fills in the default step size: the last default, which needs the data. */
function withStepSize(experiment: Experiment, choose: () => number): { experiment: Experiment; stepSize: number | null } {
  const { optimizer } = experiment;
  if (optimizer.kind === 'gradient-flow') return { experiment, stepSize: null };
  const stepSize = optimizer.stepSize ?? choose();
  return { experiment: { ...experiment, optimizer: { ...optimizer, stepSize } }, stepSize };
}
