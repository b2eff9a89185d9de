/** Checks of what a correctly formed file means: by itself, and against the data it resolves to. */
import { LIMITS } from '../protocol/limits';
import type { Diagnostic } from '../protocol/compute';
import { checkTargets, type DataFacts } from './checks/against-data-checks';
import { checkCsv, checkLabels, checkMagnitude, checkRows, checkSizes, checkSparsity, outputsOf, sizeOf } from './checks/data-checks';
import { checkFeatures, seenSizeOf } from './checks/features-checks';
import { checkInitMoves, checkInitPairs, checkInitProducts, checkInitShape, checkModelSize, checkTeacherSize } from './checks/init-checks';
import { checkLossPower, checkMirrorStart, checkMomentumKind, checkNormMatrix, checkWeightDecay } from './checks/optimizer-checks';
import { checkMatrixData, checkMatrixModel, matrixOf } from './checks/matrix-checks';
import { checkStepSize } from './checks/step-size-checks';
import { checkSweep } from './checks/sweep-checks';
import { checkBatchOrder, checkBatchSize, checkLabelNoise, checkMeasures, checkOutputs } from './checks/training-checks';
import type { FileDocument, Finding } from './document';
import { parseExperiment } from './parse';
import type { Experiment } from './schema';

type Check = (experiment: Experiment, document: FileDocument) => readonly Finding[];

const CHECKS: readonly Check[] = [
  checkRows,
  checkMagnitude,
  checkSizes,
  checkSparsity,
  checkFeatures,
  checkMatrixData,
  checkMatrixModel,
  checkLabels,
  checkCsv,
  (experiment) => checkInitShape(experiment, seenSizeOf(experiment).features, outputsOf(experiment)),
  checkInitMoves,
  checkInitPairs,
  checkInitProducts,
  (experiment) => {
    const { samples, features } = seenSizeOf(experiment);
    return samples === null || features === null
      ? []
      : checkModelSize(experiment.model, samples, features, outputsOf(experiment) ?? 2, '/model', matrixOf(experiment.data));
  },
  checkTeacherSize,
  (experiment, document) => checkBatchSize(experiment, document, sizeOf(experiment.data).samples),
  (experiment, document) => checkBatchOrder(experiment, document, sizeOf(experiment.data).samples),
  checkLabelNoise,
  checkLossPower,
  checkWeightDecay,
  checkMirrorStart,
  checkMomentumKind,
  (experiment) => checkNormMatrix(experiment, seenSizeOf(experiment).features, outputsOf(experiment)),
  checkMeasures,
  checkOutputs,
];

/**
 * Diagnostics in the order of the file, at most `LIMITS.diagnostics`.
 * An experiment without an error here can be loaded and run, as far as the file alone tells.
 */
export function checkMeaning(experiment: Experiment, document: FileDocument): Diagnostic[] {
  const findings = CHECKS.flatMap((check) => check(experiment, document));
  // The points of a sweep differ from a file that is right.
  if (!findings.some(isError)) findings.push(...checkSweep(experiment, document, errorsOf));
  return findings
    .slice(0, LIMITS.diagnostics)
    .map((finding) => document.diagnose(finding))
    .sort((a, b) => a.offset - b.offset);
}

const isError = ({ severity }: Pick<Finding, 'severity'>): boolean => severity === undefined || severity === 'error';

/** What is wrong in an experiment's text, as far as the text alone tells. */
export function errorsOf(text: string): readonly Diagnostic[] {
  const { experiment, diagnostics, document } = parseExperiment(text);
  const errors = diagnostics.filter(isError);
  return experiment === null || errors.length > 0 ? errors : checkMeaning(experiment, document).filter(isError);
}

/** What only the data decides, in the order of the file: labels and sizes of a csv file, the step size against the curvature. */
export function checkAgainstData(experiment: Experiment, document: FileDocument, facts: DataFacts): Diagnostic[] {
  const findings: Finding[] = [...checkTargets(experiment, facts), ...checkStepSize(experiment, document, facts)];
  // What the file alone tells has been checked without the data.
  if (experiment.data.kind === 'csv') {
    findings.push(...checkBatchSize(experiment, document, facts.samples));
    findings.push(...checkBatchOrder(experiment, document, facts.samples));
    findings.push(...checkModelSize(experiment.model, facts.samples, facts.features, facts.outputs));
  }
  if (experiment.data.kind === 'csv' || outputsOf(experiment) === null) {
    findings.push(...checkInitShape(experiment, facts.features, facts.outputs));
    findings.push(...checkNormMatrix(experiment, facts.features, facts.outputs));
  }
  return findings.map((finding) => document.diagnose(finding)).sort((a, b) => a.offset - b.offset);
}
