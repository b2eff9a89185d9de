/**
 * Every measure that a trajectory may hold, with the words and units that charts, tables and completions show.
 * The name is the column's name in the report.
 */

/**
 * Groups of measures, in the order of their charts; those of one group share a chart. "axis" columns are horizontal axes
 * and have no chart of their own.
 */
export const MEASURE_GROUPS = {
  axis: { title: 'Horizontal axes' },
  loss: { title: 'Loss' },
  agreement: { title: 'Agreement with the prediction' },
  margin: { title: 'Margin' },
  norms: { title: 'Norms' },
  layers: { title: 'Layers' },
  spectrum: { title: 'Singular values' },
  rank: { title: 'Rank' },
  conservation: { title: 'Conservation' },
  curvature: { title: 'Curvature' },
  stability: { title: 'Stability' },
  hessian: { title: 'Size of the Hessian' },
  parameters: { title: 'Parameters' },
} as const satisfies Readonly<Record<string, { readonly title: string }>>;

export type MeasureGroup = keyof typeof MEASURE_GROUPS;

export interface MeasureInfo {
  readonly title: string;
  /** Short symbol for axes, plain text. */
  readonly symbol: string;
  readonly description: string;
  /** The axis on which it is usually read. */
  readonly scale: 'linear' | 'log';
  readonly group: MeasureGroup;
}

export const MEASURES = {
  step: {
    title: 'Step',
    symbol: 'k',
    description: 'Number of optimizer steps; for a flow, accepted integrator steps.',
    scale: 'linear',
    group: 'axis',
  },
  time: {
    title: 'Time',
    symbol: 't',
    description: 'Time of the gradient flow, or the sum of the step sizes.',
    scale: 'log',
    group: 'axis',
  },
  logTime: {
    title: 'Log time',
    symbol: 'ln t',
    description: 'Natural logarithm of the time; finite where the time overflows.',
    scale: 'linear',
    group: 'axis',
  },
  loss: { title: 'Loss', symbol: 'ℒ', description: 'Training loss with the reduction of the file.', scale: 'log', group: 'loss' },
  logLoss: {
    title: 'Log loss',
    symbol: 'ln ℒ',
    description: 'Natural logarithm of the training loss; finite where the loss underflows.',
    scale: 'linear',
    group: 'loss',
  },
  gradientNorm: {
    title: 'Gradient norm',
    symbol: '‖∇ℒ‖₂',
    description: 'Euclidean norm of the gradient in the parameters.',
    scale: 'log',
    group: 'loss',
  },
  testLoss: { title: 'Test loss', symbol: 'ℒ test', description: 'Loss on the test samples.', scale: 'log', group: 'loss' },
  errorRate: {
    title: 'Training error',
    symbol: 'Training error',
    description: 'Share of the training samples with labels −1 and 1 that are on the wrong side.',
    scale: 'linear',
    group: 'loss',
  },
  testErrorRate: {
    title: 'Test error',
    symbol: 'Test error',
    description: 'Share of the test samples with labels −1 and 1 that are on the wrong side.',
    scale: 'linear',
    group: 'loss',
  },
  distance: {
    title: 'Distance to prediction',
    symbol: '‖w − w*‖₂ / ‖w*‖₂',
    description: 'Relative Euclidean distance of the predictor to the predicted solution.',
    scale: 'log',
    group: 'agreement',
  },
  directionDistance: {
    title: 'Direction distance',
    symbol: '‖w/‖w‖ − u*‖₂',
    description: 'Euclidean distance of the unit predictor to the predicted unit direction.',
    scale: 'log',
    group: 'agreement',
  },
  angle: {
    title: 'Angle',
    symbol: '∠(w, u*)',
    description: 'Angle between the predictor and the predicted direction, in radians.',
    scale: 'log',
    group: 'agreement',
  },
  distanceToL1: {
    title: 'Distance to least ℓ1 norm',
    symbol: '‖w − w₁‖₂ / ‖w₁‖₂',
    description: 'Relative Euclidean distance of the predictor to the exact fit of least ℓ1 norm; for files that compare with l1.',
    scale: 'log',
    group: 'agreement',
  },
  distanceToL2: {
    title: 'Distance to least ℓ2 norm',
    symbol: '‖w − w₂‖₂ / ‖w₂‖₂',
    description: 'Relative Euclidean distance of the predictor to the exact fit of least ℓ2 norm; for files that compare with l2.',
    scale: 'log',
    group: 'agreement',
  },
  margin: {
    title: 'Normalized margin',
    symbol: 'min yᵢ w·xᵢ / ‖w‖₂',
    description: 'Smallest margin of the unit predictor on the training samples.',
    scale: 'linear',
    group: 'margin',
  },
  marginGap: {
    title: 'Margin gap',
    symbol: '1 − γ / γ*',
    description: 'Relative gap of the normalized margin to the largest possible one.',
    scale: 'log',
    group: 'margin',
  },
  normMargin: {
    title: 'Margin in the norm of the optimizer',
    symbol: 'min yᵢ w·xᵢ / ‖w‖',
    description: 'Smallest margin divided by the norm in which the optimizer is expected to maximise it: ℓ1, ℓ∞, ℓp or quadratic.',
    scale: 'linear',
    group: 'margin',
  },
  normMarginGap: {
    title: 'Gap of that margin',
    symbol: '1 − γ / γ*, norm of the optimizer',
    description: 'Relative gap of the margin in the norm of the optimizer to the largest possible one.',
    scale: 'log',
    group: 'margin',
  },
  parameterMargin: {
    title: 'Normalized margin of the network',
    symbol: 'min qᵢ / ‖θ‖^L',
    description: 'Smallest margin of a homogeneous model of degree L, divided by the L-th power of the parameter norm.',
    scale: 'linear',
    group: 'margin',
  },
  smoothedMargin: {
    title: 'Smoothed normalized margin',
    symbol: 'ℓ⁻¹(Σℓ) / ‖θ‖^L',
    description: 'The margin that gradient flow never lowers once the summed loss is below ℓ(0); no value before that.',
    scale: 'linear',
    group: 'margin',
  },
  kktResidual: {
    title: 'KKT residual',
    symbol: '‖θ − Σ λᵢhᵢ‖ / ‖θ‖',
    description:
      'Distance from the optimality conditions of min ½‖θ‖² with margins at least 1, with the best multipliers; slack counts too.',
    scale: 'log',
    group: 'agreement',
  },
  lawSize: {
    title: 'Size in the norm of the law',
    symbol: '‖δ‖_Q',
    description:
      'Deviation from the minimum in the norm whose mean square the linear regime of SGD multiplies by the same factor in every step.',
    scale: 'log',
    group: 'agreement',
  },
  linearRegions: {
    title: 'Linear regions',
    symbol: 'Linear regions',
    description: 'Linear pieces of a two-layer ReLU network of one variable; kinks within 1 % of the radius of the data are one.',
    scale: 'log',
    group: 'layers',
  },
  representationCost: {
    title: 'Cost of the function',
    symbol: 'max(∫|f″|, |f′(−∞) + f′(+∞)|)',
    description: 'Least ½‖W‖² of all two-layer ReLU networks that are the same function of one variable, biases not counted.',
    scale: 'linear',
    group: 'norms',
  },
  weightedRoughness: {
    title: 'Weighted roughness',
    symbol: '∫|f″| g',
    description: 'Changes of slope of a univariate ReLU network, each weighed by where it is among the training inputs; 0 outside of them.',
    scale: 'log',
    group: 'norms',
  },
  inputGradient: {
    title: 'Mean squared input gradient',
    symbol: '(1/n) Σ ‖∇ₓf(xᵢ)‖²',
    description: 'Squared length of the gradient of the network in its input, averaged over the training samples.',
    scale: 'log',
    group: 'norms',
  },
  scaledNorm1: {
    title: 'Scaled norm of the first term',
    symbol: '‖θ₁‖ / γ^(1/α₁)',
    description: 'Norm of the parameters of the first term of a sum, of order α₁, divided by the smallest margin γ to the power 1/α₁.',
    scale: 'log',
    group: 'norms',
  },
  scaledNorm2: {
    title: 'Scaled norm of the second term',
    symbol: '‖θ₂‖ / γ^(1/α₂)',
    description: 'Norm of the parameters of the second term of a sum, of order α₂, divided by the smallest margin γ to the power 1/α₂.',
    scale: 'log',
    group: 'norms',
  },
  scaledNorm3: {
    title: 'Scaled norm of the third term',
    symbol: '‖θ₃‖ / γ^(1/α₃)',
    description: 'Norm of the parameters of the third term of a sum, of order α₃, divided by the smallest margin γ to the power 1/α₃.',
    scale: 'log',
    group: 'norms',
  },
  l1Norm: { title: 'ℓ1 norm', symbol: '‖w‖₁', description: 'Sum of absolute values of the predictor.', scale: 'linear', group: 'norms' },
  l2Norm: { title: 'ℓ2 norm', symbol: '‖w‖₂', description: 'Euclidean norm of the predictor.', scale: 'linear', group: 'norms' },
  parameterNorm: {
    title: 'Parameter norm',
    symbol: '‖θ‖₂',
    description: 'Euclidean norm of all parameters.',
    scale: 'linear',
    group: 'norms',
  },
  invariantDrift: {
    title: 'Drift of the invariant',
    symbol: 'max |Δ inv| / inv',
    description: 'Largest relative change of a quantity that the exact flow conserves.',
    scale: 'log',
    group: 'conservation',
  },
  rankDefect: {
    title: 'Distance to rank one',
    symbol: 'max 1 − σ₁/‖W‖_F',
    description: 'Largest over the layers of a deep linear network; 0 where every layer has rank one.',
    scale: 'log',
    group: 'layers',
  },
  alignmentDefect: {
    title: 'Misalignment',
    symbol: 'max 1 − |⟨u_k, v_k₊₁⟩|',
    description: 'Leading left singular vector of a layer against the leading right one of the next, largest over the neighbours.',
    scale: 'log',
    group: 'layers',
  },
  balanceDrift: {
    title: 'Drift of the balance',
    symbol: '‖ΔB‖ / ‖θ‖²',
    description:
      'Change since the start of the balance B of neighbouring layers, which the exact flow conserves, against ‖θ‖²: Wₖ₊₁ᵀWₖ₊₁ − WₖWₖᵀ ' +
      'of linear layers; of homogeneous units, diagonal layers and convolutions the diagonal of it, by unit, coordinate or frequency.',
    scale: 'log',
    group: 'conservation',
  },
  nuclearNorm: {
    title: 'Nuclear norm',
    symbol: '‖W‖∗',
    description: 'Sum of the singular values of the matrix.',
    scale: 'linear',
    group: 'norms',
  },
  frobeniusNorm: {
    title: 'Frobenius norm',
    symbol: '‖W‖_F',
    description: 'Root of the sum of the squared entries of the matrix.',
    scale: 'linear',
    group: 'norms',
  },
  schattenNorm: {
    title: 'Schatten-2/k quasi-norm',
    symbol: '(Σ σᵢ^(2/k))^(k/2)',
    description: 'Schatten quasi-norm of order 2/depth: what the least Euclidean norm of k factors of the matrix amounts to.',
    scale: 'log',
    group: 'norms',
  },
  effectiveRank: {
    title: 'Effective rank',
    symbol: 'exp H(σ/Σσ)',
    description: 'Exponential of the entropy of the singular values divided by their sum (Roy and Vetterli 2007).',
    scale: 'linear',
    group: 'rank',
  },
  stableRank: {
    title: 'Stable rank',
    symbol: '‖W‖²_F / σ₁²',
    description: 'Squared Frobenius norm over the squared largest singular value.',
    scale: 'linear',
    group: 'rank',
  },
  singular1: { title: 'σ₁', symbol: 'σ₁', description: 'Largest singular value of the matrix.', scale: 'log', group: 'spectrum' },
  singular2: { title: 'σ₂', symbol: 'σ₂', description: 'Second singular value of the matrix.', scale: 'log', group: 'spectrum' },
  singular3: { title: 'σ₃', symbol: 'σ₃', description: 'Third singular value of the matrix.', scale: 'log', group: 'spectrum' },
  singular4: { title: 'σ₄', symbol: 'σ₄', description: 'Fourth singular value of the matrix.', scale: 'log', group: 'spectrum' },
  imbalance: {
    title: 'Imbalance of layers',
    symbol: '‖B‖_F / ‖θ‖²',
    description: 'The balance B = Wₖ₊₁ᵀWₖ₊₁ − WₖWₖᵀ of neighbouring layers against ‖θ‖²: 0 for balanced layers.',
    scale: 'log',
    group: 'conservation',
  },
  endToEndError: {
    title: 'Error of the end-to-end equation',
    symbol: '‖Ẇ − Ẇ(W)‖_F / ‖Ẇ‖_F',
    description:
      'Velocity of the product by its factors against the velocity that the end-to-end equation gives from the product alone; near rest relative to a thousandth of its terms.',
    scale: 'log',
    group: 'conservation',
  },
  singularValueError: {
    title: 'Error of the singular-value equation',
    symbol: 'max |σ̇ᵢ − σ̇ᵢ(W)| / max |σ̇ᵢ|',
    description:
      'Velocity of the singular values by the factors against −k σ^(2−2/k)⟨∇ℓ, u vᵀ⟩; near rest relative to a thousandth of its terms.',
    scale: 'log',
    group: 'conservation',
  },
  sharpness: {
    title: 'Sharpness',
    symbol: 'λ_max(∇²ℒ)',
    description: 'Largest eigenvalue of the Hessian of the training loss with the reduction of the file.',
    scale: 'linear',
    group: 'curvature',
  },
  preconditionedSharpness: {
    title: 'Preconditioned sharpness',
    symbol: 'λ_max(P^(−1/2)∇²ℒP^(−1/2))',
    description: 'Largest eigenvalue of the Hessian in the metric of Adam, P = (1 − β₁^t)(√v̂ + ε); no value before the first step.',
    scale: 'linear',
    group: 'curvature',
  },
  batchSharpness: {
    title: 'Batch sharpness',
    symbol: '𝔼 g_Bᵀ∇²ℒ_B g_B / ‖g_B‖²',
    description: 'Mean over the mini-batches of an epoch of the curvature of the loss on the batch along its gradient; for SGD.',
    scale: 'linear',
    group: 'curvature',
  },
  stabilityThreshold: {
    title: 'Threshold of stability',
    symbol: 'κ/η',
    description: 'Largest curvature at which the steps of the optimizer are stable: 2/η for gradient descent, 2(1 + β)/η for a heavy ball.',
    scale: 'linear',
    group: 'curvature',
  },
  sharpnessRatio: {
    title: 'Sharpness over threshold',
    symbol: 'λ_max · η/κ',
    description: 'Sharpness, preconditioned for Adam, over the largest curvature at which the steps are stable: above 1 they are not.',
    scale: 'linear',
    group: 'stability',
  },
  hessianTrace: {
    title: 'Trace of the Hessian',
    symbol: 'tr ∇²ℒ',
    description: 'Sum of the eigenvalues of the Hessian of the training loss, exact; for models of up to 600 parameters.',
    scale: 'linear',
    group: 'hessian',
  },
  hessianFrobenius: {
    title: 'Frobenius norm of the Hessian',
    symbol: '‖∇²ℒ‖_F',
    description: 'Root of the sum of the squared eigenvalues of the Hessian, exact; for models of up to 600 parameters.',
    scale: 'linear',
    group: 'hessian',
  },
  gaussNewtonTrace: {
    title: 'Gauss–Newton trace',
    symbol: 'tr Jᵀ(∂²ℒ/∂f²)J',
    description:
      'Trace of the Gauss–Newton part of the Hessian, from the Jacobian: that of the whole Hessian where every sample is fitted.',
    scale: 'linear',
    group: 'hessian',
  },
  gaussNewtonFrobenius: {
    title: 'Gauss–Newton Frobenius norm',
    symbol: '‖Jᵀ(∂²ℒ/∂f²)J‖_F',
    description:
      'Frobenius norm of the Gauss–Newton part of the Hessian, from the Jacobian: that of the whole Hessian where every sample is fitted.',
    scale: 'linear',
    group: 'hessian',
  },
  parameter1: {
    title: 'First parameter',
    symbol: 'θ₁',
    description: 'First parameter of a model that has one or two.',
    scale: 'linear',
    group: 'parameters',
  },
  parameter2: {
    title: 'Second parameter',
    symbol: 'θ₂',
    description: 'Second parameter of a model that has two.',
    scale: 'linear',
    group: 'parameters',
  },
} as const satisfies Readonly<Record<string, MeasureInfo>>;

export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];
