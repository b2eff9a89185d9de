/** What an editor shows without training: diagnostics, predictions with their conditions, and what the parts of the file mean. */
import type { Analysis, Diagnostic, Source } from '../protocol/compute';
import { dataSize } from '../protocol/data-size';
import { examineExperiment } from '../theory/catalogue';
import type { Situation } from '../theory/result';
import { countInWords, inWords } from '../theory/wording';
import type { Environment } from './environment';
import { prepare } from './prepare';
import { stepRegime } from './step-regime';

/** The findings alone. */
export async function check(source: Source, environment: Environment): Promise<readonly Diagnostic[]> {
  return (await prepare(source, environment)).diagnostics;
}

export async function analyse(source: Source, environment: Environment): Promise<Analysis> {
  const { diagnostics, ready } = await prepare(source, environment);
  if (ready === null) return { diagnostics, predictions: [], optimizerNote: null, modelNote: null, dataNote: null, dataHash: null };
  const { situation, curvature, dataHash } = ready;
  const predictions = (await examineExperiment(situation)).map(({ prediction }) => prediction);
  return {
    diagnostics,
    predictions,
    optimizerNote: stepRegime(situation, curvature),
    modelNote: modelNote(situation),
    dataNote: dataNote(situation),
    dataHash,
  };
}

function modelNote({ model }: Situation): string {
  const degree = model.degree === null ? 'not homogeneous' : `homogeneous of degree ${model.degree}`;
  return `${countInWords(model.parameterCount)} parameter${model.parameterCount === 1 ? '' : 's'} · ${degree}`;
}

function dataNote({ data, loss, facts, model }: Situation): string {
  const size = dataSize(data.samples, data.features);
  if (data.matrix !== undefined) {
    const { rows, columns, observed } = data.matrix;
    return observed === null
      ? `${data.samples} measurements of a ${rows} × ${columns} matrix`
      : `${data.samples} of ${rows * columns} entries of a ${rows} × ${columns} matrix`;
  }
  if (model.inputs === undefined) return size;
  if (loss.onMargins) {
    const separation = facts.separability();
    return `${size} · ${separation.separable ? `separable, margin ${inWords(separation.margin)}` : separation.separable === null ? 'separability undecided' : 'not separable'}`;
  }
  return `${size} · rank ${facts.spectrum().rank}, ${facts.consistent ? 'can be interpolated' : `residual ${inWords(facts.relativeResidual())}`}`;
}
