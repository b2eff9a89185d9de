/** Every measure of the catalogue in `protocol/measures.ts` that is computed from an observation. */
import type { MeasureName } from '../protocol/measures';
import { norm1, norm2 } from '../numerics/vectors';
import { angleBetween, directionDistance, normalizedMargin, relativeDistance } from './agreement';
import { tiedDiagonalDrift, untiedDiagonalDrift } from './invariants';
import { balanceDrift, conservationOf } from './conservation';
import { alignmentDefect, hasLinearLayers, rankDefect } from './layers';
import { hasKktResidual, kktResidual } from './kkt';
import { hasLinearRegions, linearRegions } from './linear-regions';
import { MarginConstraints, parameterMargin, smoothedMargin } from './margin-constraints';
import { decompose, effectiveRank, endToEndErrors, frobeniusNorm, imbalance, nuclearNorm, schattenNorm, stableRank } from './matrix';
import type { Observation } from './observation';
import { hasRepresentationCost, representationCost } from './representation-cost';
import { hasInputGradient, meanSquaredInputGradient } from './input-gradient';
import { scaledNorm } from './sum-terms';
import { isUnivariateRelu, weightedRoughness } from './weighted-roughness';

export type AxisName = 'step' | 'time' | 'logTime';
type Measured = Exclude<MeasureName, AxisName>;

const withPrediction =
  (measure: (w: Float64Array, predicted: Float64Array) => number) =>
  ({ predictor, predicted }: Observation): number =>
    predicted === null || predictor.length !== predicted.length ? Number.NaN : measure(predictor, predicted);

const distanceTo =
  (id: string) =>
  ({ predictor, compared }: Observation): number => {
    const reference = compared.get(id);
    return reference === undefined || predictor.length !== reference.length ? Number.NaN : relativeDistance(predictor, reference);
  };

const margin = (o: Observation): number =>
  o.objective.loss.onMargins && o.predictor.length > 0 ? normalizedMargin(o.outputs, o.objective.targets, o.predictor) : Number.NaN;

/** min_i y_i w·x_i / ‖w‖; the predicted direction's is 1/‖ŵ‖ when ŵ is scaled to margin 1. */
const normMargin = ({ norm, predictor, outputs, objective: { targets } }: Observation): number => {
  if (norm === null || predictor.length === 0) return Number.NaN;
  let smallest = Infinity;
  for (let i = 0; i < targets.length; i++) smallest = Math.min(smallest, targets[i] * outputs[i]);
  return smallest / norm(predictor);
};

const networkMargin = ({ objective: { model, targets }, outputs, theta }: Observation): number =>
  parameterMargin(new MarginConstraints(model.outputsPerSample, targets), outputs, norm2(theta), model.degree ?? Number.NaN);

const networkSmoothedMargin = ({ objective: { model, loss }, logLoss, theta }: Observation): number =>
  smoothedMargin(
    loss.kind !== 'logistic' && loss.kind !== 'cross-entropy',
    logLoss + (loss.reduction === 'mean' ? Math.log(model.samples) : 0),
    norm2(theta),
    model.degree ?? Number.NaN,
  );

const networkKktResidual = ({ objective: { model, targets }, data, theta }: Observation): number => {
  const residual = kktResidual(model, targets, data.x, theta);
  return residual === null ? Number.NaN : Math.hypot(residual.stationarity, residual.slackness);
};

const termNorm =
  (k: number) =>
  ({ objective: { model, targets }, outputs, theta }: Observation): number => {
    let smallest = Infinity;
    for (let i = 0; i < targets.length; i++) smallest = Math.min(smallest, targets[i] * outputs[i]);
    return scaledNorm(model, theta, smallest, k);
  };

const preconditionedSharpness = ({ curvature, preconditioner }: Observation): number =>
  preconditioner === null ? Number.NaN : curvature.preconditionedSharpness(preconditioner);

const inputGradient = ({ objective: { model }, theta, data }: Observation): number => {
  const jacobian = new Float64Array(model.samples * model.parameterCount);
  model.jacobian(theta, jacobian);
  return meanSquaredInputGradient(model, theta, jacobian, data.x);
};

/** Samples on the boundary are wrong. */
const errorRate = (outputs: Float64Array, labels: Float64Array): number =>
  outputs.reduce((count, output, i) => count + (labels[i] * output > 0 ? 0 : 1), 0) / labels.length;

export const MEASURE_FUNCTIONS: Readonly<Record<Measured, (observation: Observation) => number>> = {
  loss: (o) => o.loss,
  logLoss: (o) => o.logLoss,
  gradientNorm: (o) => o.gradientNorm,
  testLoss: (o) => (o.data.test === null ? Number.NaN : o.objective.loss.value(o.testOutputs, o.data.test.y)),
  errorRate: (o) => errorRate(o.outputs, o.objective.targets),
  testErrorRate: (o) => (o.data.test === null ? Number.NaN : errorRate(o.testOutputs, o.data.test.y)),
  distance: withPrediction(relativeDistance),
  directionDistance: withPrediction(directionDistance),
  angle: withPrediction(angleBetween),
  distanceToL1: distanceTo('l1'),
  distanceToL2: distanceTo('l2'),
  margin,
  // The predicted direction's margin is 1/‖ŵ‖ when ŵ is scaled to margin 1.
  marginGap: (o) => (o.predicted === null || !o.objective.loss.onMargins ? Number.NaN : 1 - margin(o) * norm2(o.predicted)),
  normMargin,
  lawSize: (o) => o.gauge?.(o.outputs) ?? Number.NaN,
  normMarginGap: (o) => (o.predicted === null || o.norm === null ? Number.NaN : 1 - normMargin(o) * o.norm(o.predicted)),
  parameterMargin: networkMargin,
  smoothedMargin: networkSmoothedMargin,
  kktResidual: networkKktResidual,
  linearRegions: ({ objective, theta, data }) => linearRegions(objective.model, theta, data.x),
  representationCost: ({ theta, data }) => representationCost(theta, data.x),
  weightedRoughness: ({ theta, data }) => weightedRoughness(theta, data.x),
  inputGradient,
  scaledNorm1: termNorm(0),
  scaledNorm2: termNorm(1),
  scaledNorm3: termNorm(2),
  l1Norm: (o) => (o.predictor.length > 0 ? norm1(o.predictor) : Number.NaN),
  l2Norm: (o) => (o.predictor.length > 0 ? norm2(o.predictor) : Number.NaN),
  parameterNorm: (o) => norm2(o.theta),
  invariantDrift: (o) => {
    const { kind, degree } = o.objective.model;
    if (kind === 'diagonal-tied') return tiedDiagonalDrift(o.theta, o.start, degree ?? 2);
    return kind === 'diagonal-untied' ? untiedDiagonalDrift(o.theta, o.start, degree ?? 2) : Number.NaN;
  },
  rankDefect: (o) => rankDefect(o.objective.model, o.theta),
  alignmentDefect: (o) => alignmentDefect(o.objective.model, o.theta),
  balanceDrift: (o) => balanceDrift(o.objective.model, o.theta, o.start),
  nuclearNorm: (o) => nuclearNorm(decompose(o).s),
  frobeniusNorm: (o) => frobeniusNorm(decompose(o).s),
  schattenNorm: (o) => schattenNorm(decompose(o).s, 2 / (o.objective.model.degree ?? 2)),
  effectiveRank: (o) => effectiveRank(decompose(o).s),
  stableRank: (o) => stableRank(decompose(o).s),
  singular1: (o) => decompose(o).s[0],
  singular2: (o) => decompose(o).s[1],
  singular3: (o) => decompose(o).s[2],
  singular4: (o) => decompose(o).s[3],
  imbalance: (o) => imbalance(o.objective.model, o.theta),
  endToEndError: (o) => endToEndErrors(o).product,
  singularValueError: (o) => endToEndErrors(o).singular,
  sharpness: (o) => o.curvature.sharpness(),
  preconditionedSharpness,
  batchSharpness: (o) => o.batchSharpness?.at(o.theta) ?? Number.NaN,
  stabilityThreshold: (o) => o.stabilityThreshold ?? Number.NaN,
  sharpnessRatio: (o) =>
    (o.preconditioner === null ? o.curvature.sharpness() : preconditionedSharpness(o)) / (o.stabilityThreshold ?? Number.NaN),
  hessianTrace: (o) => o.curvature.hessianTrace(),
  hessianFrobenius: (o) => o.curvature.hessianFrobenius(),
  gaussNewtonTrace: (o) => o.curvature.gaussNewtonTrace(),
  gaussNewtonFrobenius: (o) => o.curvature.gaussNewtonFrobenius(),
  parameter1: ({ theta }) => theta[0],
  parameter2: ({ theta }) => theta[1],
};

/** Whether the measure has a value for this kind of run at all; others are left out of the trajectory. */
export function isMeasurable(name: Measured, observation: Observation): boolean {
  const { objective, data, predictor, predicted } = observation;
  switch (name) {
    case 'loss':
    case 'logLoss':
    case 'gradientNorm':
    case 'parameterNorm':
      return true;
    case 'testLoss':
      return data.test !== null;
    case 'errorRate':
      return objective.loss.onMargins && objective.model.outputsPerSample === 1;
    case 'testErrorRate':
      return objective.loss.onMargins && objective.model.outputsPerSample === 1 && data.test !== null;
    case 'distance':
    case 'directionDistance':
    case 'angle':
      return predicted !== null && predicted.length === predictor.length;
    case 'distanceToL1':
      return observation.compared.get('l1')?.length === predictor.length;
    case 'distanceToL2':
      return observation.compared.get('l2')?.length === predictor.length;
    case 'margin':
      return objective.loss.onMargins && predictor.length > 0;
    case 'marginGap':
      return objective.loss.onMargins && predicted !== null && predictor.length > 0;
    case 'normMargin':
      return objective.loss.onMargins && observation.norm !== null && predictor.length > 0;
    case 'normMarginGap':
      return objective.loss.onMargins && observation.norm !== null && predictor.length > 0 && predicted !== null;
    case 'lawSize':
      return observation.gauge !== null;
    case 'parameterMargin':
    case 'smoothedMargin':
      return objective.loss.exponentialTail && objective.model.degree !== null;
    case 'kktResidual':
      return objective.loss.exponentialTail && hasKktResidual(objective.model, objective.targets);
    case 'linearRegions':
      return hasLinearRegions(objective.model);
    case 'representationCost':
      return hasRepresentationCost(objective.model);
    case 'weightedRoughness':
      return isUnivariateRelu(objective.model);
    case 'inputGradient':
      return hasInputGradient(objective.model);
    case 'scaledNorm1':
    case 'scaledNorm2':
      return objective.loss.onMargins && objective.model.terms !== undefined;
    case 'scaledNorm3':
      return objective.loss.onMargins && (objective.model.terms?.length ?? 0) > 2;
    case 'l1Norm':
    case 'l2Norm':
      return predictor.length > 0;
    case 'invariantDrift':
      return objective.model.kind === 'diagonal-tied' || objective.model.kind === 'diagonal-untied';
    case 'rankDefect':
    case 'alignmentDefect':
      return hasLinearLayers(objective.model) && objective.model.blocks.length > 1;
    case 'balanceDrift':
      return conservationOf(objective.model) !== null;
    case 'nuclearNorm':
    case 'frobeniusNorm':
    case 'effectiveRank':
    case 'stableRank':
      return isMatrix(observation, 1);
    case 'schattenNorm':
      return isMatrix(observation, 1) && objective.model.kind === 'matrix-factorization';
    case 'singular1':
    case 'singular2':
    case 'singular3':
    case 'singular4':
      return isMatrix(observation, Number(name.at(-1)));
    case 'imbalance':
      return hasLinearLayers(objective.model) && objective.model.blocks.length > 1;
    case 'endToEndError':
    case 'singularValueError':
      return objective.model.kind === 'matrix-factorization';
    case 'sharpness':
      return true;
    case 'preconditionedSharpness':
      return observation.preconditioner !== null;
    case 'batchSharpness':
      return observation.batchSharpness !== null;
    case 'stabilityThreshold':
    case 'sharpnessRatio':
      return observation.stabilityThreshold !== null;
    case 'hessianTrace':
    case 'hessianFrobenius':
      return observation.curvature.hasWholeHessian;
    case 'gaussNewtonTrace':
    case 'gaussNewtonFrobenius':
      return observation.curvature.hasGaussNewton;
    case 'parameter1':
      return objective.model.parameterCount <= 2;
    case 'parameter2':
      return objective.model.parameterCount === 2;
    default:
      return name satisfies never;
  }
}

/** Whether the predictor is a matrix with so many singular values. */
function isMatrix({ data, predictor }: Observation, values: number): boolean {
  return data.matrix !== undefined && predictor.length === data.features && Math.min(data.matrix.rows, data.matrix.columns) >= values;
}
