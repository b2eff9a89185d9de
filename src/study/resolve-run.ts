/** Everything that a run starts from and is compared with, as plain data. Nothing is trained. */
import type { Diagnostic, ResolvedRun, Source } from '../protocol/compute';
import { canonicalJson } from '../protocol/report-json';
import { initialParameters, isBias } from '../experiment/initial-parameters';
import { createModel } from '../models/create-model';
import { streamState } from '../numerics/random';
import { examineExperiment } from '../theory/catalogue';
import type { Situation } from '../theory/result';
import { comparedReferences } from './compared-references';
import type { Environment } from './environment';
import { prepare } from './prepare';
import { resolvedData } from './resolve-data';
import { recordedMeasures, solveReference } from './run';

export async function resolveRun(
  source: Source,
  environment: Environment,
): Promise<ResolvedRun | { readonly diagnostics: readonly Diagnostic[] }> {
  const { diagnostics, ready } = await prepare(source, environment);
  if (ready === null) return { diagnostics };
  const { situation } = ready;
  const { experiment, model, data } = situation;
  const examinations = await examineExperiment(situation);
  const leading = examinations.at(0)?.prediction.applies === true ? examinations[0] : null;
  const solved = leading === null ? null : await solveReference(leading);
  const { matrix } = data;
  return {
    experiment,
    fingerprint: await environment.sha256(canonicalJson(experiment)),
    version: environment.version,
    data: {
      ...resolvedData(data),
      features: data.features,
      matrix: matrix === undefined ? null : { ...matrix, observed: matrix.observed === null ? null : Array.from(matrix.observed) },
    },
    outputs: model.outputsPerSample,
    degree: model.degree,
    blocks: blocksOf(situation),
    streams:
      experiment.optimizer.kind === 'sgd'
        ? { batches: streamState(experiment.seed, 'batches'), noise: streamState(experiment.seed, 'step-noise') }
        : null,
    measures: recordedMeasures(experiment, examinations),
    predictions: examinations.map(({ prediction }) => prediction),
    references: [...(solved?.reference ? [solved.reference] : []), ...(await comparedReferences(situation, environment))],
  };
}

/** Of a network whose first layer alone is trained, the others too. */
function blocksOf({ experiment, data, model, start }: Situation): ResolvedRun['blocks'] {
  const { model: spec, init, seed } = experiment;
  const frozen = spec.kind === 'network' && spec.trainable === 'first';
  const whole = frozen ? createModel({ ...spec, trainable: 'all' }, data, model.outputsPerSample) : model;
  const values = frozen ? initialParameters(init, whole.blocks, seed) : start;
  const trained = new Set(model.blocks.map(({ name }) => name));
  return whole.blocks.map(({ name, rows, columns, offset }) => ({
    name,
    rows,
    columns,
    trained: trained.has(name),
    bias: isBias({ name }),
    values: Array.from(values.subarray(offset, offset + rows * columns)),
  }));
}
