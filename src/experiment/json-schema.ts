/**
 * The JSON Schema of `*.bias.json` for editors: the shape from the one definition in `schema.ts`,
 * and beside it what VS Code's JSON service can show: ready-made values, defaults, a word on every choice.
 * It helps to write and judges nothing: what is wrong is said by `shape-diagnostics.ts` alone, at its place, with the fixes.
 */
import * as z from 'zod';
import { MEASURES } from '../protocol/measures';
import { experimentSchema } from './schema';
import { TEMPLATES } from './templates';

interface Snippet {
  readonly label: string;
  readonly description: string;
  /** A string that begins with "^" is inserted without quotes. */
  readonly body: unknown;
}

/** The part of JSON Schema (draft 7) that is used here, with VS Code's additions. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  markdownDescription?: string;
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  propertyNames?: JsonSchema;
  enumDescriptions?: string[];
  defaultSnippets?: Snippet[];
  suggestSortText?: string;
  examples?: unknown[];
  if?: JsonSchema;
}

/** A word on every choice, by the place of the key in the file. */
const CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  loss: {
    square: '½(f − y)²: regression.',
    logistic: 'ln(1 + e^(−yf)): classification with labels −1 and 1.',
    exponential: 'e^(−yf): classification with labels −1 and 1.',
    'cross-entropy': 'ln Σ_k e^(f_k − f_y): classification with classes 0 … K−1.',
    'squared-hinge': '½ max(0, 1 − yf)²: its infimum is attained, labels −1 and 1.',
    'exponential-power': 'e^(−(yf)^ν): a lighter or heavier tail than the exponential, labels −1 and 1.',
    polynomial: '(yf)^(−b): a heavy tail with a direction of its own, labels −1 and 1.',
  },
  reduction: { mean: '1/n times the sum over the samples.', sum: 'The sum over the samples.' },
  normalize: {
    none: 'θ ← θ − η∇ℒ.',
    gradient: 'θ ← θ − η∇ℒ/‖∇ℒ‖₂: every step has length η.',
    loss: 'θ ← θ − η∇ℒ/ℒ: steps grow as the loss falls; on separable data the direction converges much faster.',
  },
  norm: {
    l1: 'The coordinate with the largest derivative moves: greedy coordinate descent, boosting.',
    l2: 'Gradient descent.',
    linf: 'Every coordinate moves by as much: sign descent.',
  },
  schedule: { constant: 'η in every step.', 'inverse-sqrt': 'η/√t in step t.' },
  potential: { entropy: 'Σ w ln w − w on positive parameters.' },
  activation: {
    identity: 'z',
    relu: 'max(z, 0)',
    'leaky-relu': 'z for z > 0, 0.1 z else; as an object with another slope.',
    tanh: 'tanh z',
    sigmoid: '1/(1 + e^(−z))',
    softplus: 'ln(1 + e^z)',
    quadratic: 'z²',
  },
  bias: {
    none: 'No biases.',
    first: 'A bias in the first layer: the network stays homogeneous.',
    all: 'A bias in every layer: the network is not homogeneous.',
  },
  trainable: { all: 'All layers are trained.', first: 'The first layer is trained, the others keep their start.' },
  sampling: {
    shuffle: 'Every epoch goes through all samples once, in a fresh order.',
    'with-replacement': 'Every sample of every batch is drawn independently: one may be twice in a batch.',
    'without-replacement': 'Every batch is drawn independently of the others, with no sample in it twice.',
  },
  signs: { random: 'Each positive or negative with equal chances.', positive: 'All positive.' },
  labels: {
    hyperplane: "The side of a random hyperplane through the origin, which is the data's truth.",
    random: 'A toss of a coin each.',
  },
  inputs: { gaussian: 'Standard normal.', sphere: 'Uniform on the unit sphere.', uniform: 'Uniform in [−1, 1], feature by feature.' },
  targets: { real: 'The outputs of the teacher.', sign: 'Their signs: −1 or +1.' },
  ensemble: {
    gaussian: 'Independent standard normal entries.',
    commuting: 'V diag(a) Vᵀ with one random orthogonal V: symmetric, and any two commute.',
  },
  spacing: { log: 'Equal ratios between the recorded steps.', linear: 'Equal differences between the recorded steps.' },
  verdict: {
    agrees: 'What was trained is the predicted solution, within the tolerance.',
    disagrees: 'Training ended somewhere else.',
    inconclusive: 'Training has not come far enough to tell.',
    'no-prediction': 'No published result speaks of this experiment.',
  },
  compare: {
    l1: 'The exact fit of smallest ℓ1 norm.',
    l2: 'The exact fit of smallest ℓ2 norm.',
    'max-margin': 'The direction of the largest ℓ2 margin.',
    nuclear: 'The matrix of smallest nuclear norm that fits exactly.',
  },
};

/** Ready-made values, by the place of the key. */
const SNIPPETS: Readonly<Record<string, readonly Snippet[]>> = {
  data: [
    {
      label: 'separable',
      description: 'Classification data with a given margin, generated.',
      body: { kind: 'separable', samples: '^${1:100}', features: '^${2:64}', margin: '^${3:0.5}' },
    },
    {
      label: 'sparse-regression',
      description: 'Regression data of a sparse linear predictor, generated.',
      body: { kind: 'sparse-regression', samples: '^${1:20}', features: '^${2:100}', sparsity: '^${3:3}', noise: '^${4:0}' },
    },
    {
      label: 'polynomial',
      description: 'Noisy values of a random polynomial, one feature.',
      body: { kind: 'polynomial', degree: '^${1:3}', samples: '^${2:12}', noise: '^${3:0.2}' },
    },
    {
      label: 'moons',
      description: 'Two half moons in the plane, generated.',
      body: { kind: 'moons', samples: '^${1:100}', noise: '^${2:0.1}' },
    },
    {
      label: 'circles',
      description: 'A circle inside another, generated.',
      body: { kind: 'circles', samples: '^${1:100}', factor: '^${2:0.5}', noise: '^${3:0.05}' },
    },
    { label: 'xor', description: 'The corners of a square, opposite ones alike.', body: { kind: 'xor', samples: '^${1:4}' } },
    {
      label: 'sphere',
      description: 'Uniform on the sphere, labels of a random hyperplane or of a coin.',
      body: { kind: 'sphere', samples: '^${1:100}', features: '^${2:10}', labels: '${3|hyperplane,random|}' },
    },
    {
      label: 'teacher',
      description: 'Targets of a random network.',
      body: {
        kind: 'teacher',
        samples: '^${1:100}',
        features: '^${2:10}',
        model: { kind: 'network', widths: ['^${3:3}'] },
        targets: '${4|real,sign|}',
      },
    },
    {
      label: 'completion',
      description: 'Some entries of a random matrix of low rank.',
      body: { kind: 'completion', rows: '^${1:10}', columns: '^${2:10}', rank: '^${3:2}', observed: '^${4:45}' },
    },
    {
      label: 'sensing',
      description: 'Random linear measurements of a random matrix of low rank.',
      body: { kind: 'sensing', rows: '^${1:10}', columns: '^${2:10}', rank: '^${3:1}', measurements: '^${4:60}' },
    },
    {
      label: 'entries',
      description: 'Entries of a matrix written in this file: [row, column, value].',
      body: { kind: 'entries', rows: '^${1:2}', columns: '^${2:2}', entries: ['^[${3:0, 1, 1}]', '^[${4:1, 0, 1}]'] },
    },
    {
      label: 'measurements',
      description: 'Linear measurements of a matrix written in this file.',
      body: { kind: 'measurements', rows: 2, columns: 2, measurements: [{ a: ['^[${1:1, 0}]', '^[${2:0, 1}]'], y: '^${3:1}' }] },
    },
    {
      label: 'csv',
      description: 'Samples from a csv file with a header line.',
      body: { kind: 'csv', path: '${1:data.csv}', target: '${2:y}' },
    },
    {
      label: 'inline',
      description: 'Samples written in this file: one row a sample.',
      body: { kind: 'inline', x: ['^[${1:1, 0}]', '^[${2:0, 1}]'], y: ['^${3:1}', '^${4:-1}'] },
    },
  ],
  features: [
    { label: 'polynomial', description: 'Powers of the inputs.', body: { kind: 'polynomial', degree: '^${1:3}' } },
    {
      label: 'random',
      description: 'Random features, not trained.',
      body: { kind: 'random', count: '^${1:100}', activation: '${2|relu,tanh|}' },
    },
    { label: 'coordinates', description: 'The first features alone.', body: { kind: 'coordinates', count: '^${1:10}' } },
  ],
  model: [
    { label: 'linear', description: 'x ↦ w·x', body: { kind: 'linear' } },
    { label: 'diagonal', description: 'Tied diagonal network x ↦ (u^D − v^D)·x', body: { kind: 'diagonal', depth: '^${1:2}' } },
    { label: 'linear-network', description: 'x ↦ W_k … W_1 x', body: { kind: 'linear-network', widths: ['^${1:4}'] } },
    {
      label: 'linear-convolution',
      description: 'Full-width circular convolutions',
      body: { kind: 'linear-convolution', depth: '^${1:2}' },
    },
    {
      label: 'network',
      description: 'Feed-forward network',
      body: { kind: 'network', widths: ['^${1:20}'], activation: '${2|relu,leaky-relu,tanh,quadratic|}' },
    },
    { label: 'neuron', description: 'x ↦ σ(w·x)', body: { kind: 'neuron', activation: '${1|tanh,relu,leaky-relu,sigmoid,softplus|}' } },
    {
      label: 'matrix-factorization',
      description: 'A matrix as a product W_k … W_1, for completion and sensing',
      body: { kind: 'matrix-factorization', depth: '^${1:2}' },
    },
    {
      label: 'sum',
      description: 'Sum of models of different orders',
      body: { kind: 'sum', terms: [{ kind: 'linear' }, { kind: 'network', widths: ['^${1:20}'] }] },
    },
    {
      label: 'scaled',
      description: 'A network times a constant, for lazy training',
      body: { kind: 'scaled', factor: '^${1:10}', perRootWidth: true, model: { kind: 'network', widths: ['^${2:100}'] } },
    },
  ],
  init: [
    { label: 'zero', description: 'All parameters 0.', body: { kind: 'zero' } },
    { label: 'constant', description: 'All parameters α.', body: { kind: 'constant', scale: '^${1:0.1}' } },
    { label: 'gaussian', description: 'Independent normal parameters.', body: { kind: 'gaussian', scale: '^${1:0.1}' } },
    { label: 'uniform', description: 'Uniform in [−α, α].', body: { kind: 'uniform', scale: '^${1:0.1}' } },
    { label: 'identity', description: 'Layers α·I.', body: { kind: 'identity', scale: '^${1:0.01}' } },
    { label: 'ntk', description: 'Gaussian weights scaled by the inputs of their layer.', body: { kind: 'ntk' } },
    {
      label: 'mean-field',
      description: 'Gaussian weights, the outer ones scaled by the width.',
      body: { kind: 'mean-field' },
    },
    { label: 'balanced', description: 'Balanced random layers.', body: { kind: 'balanced', scale: '^${1:0.1}' } },
    {
      label: 'antisymmetric',
      description: 'Normal, in pairs of units that cancel: f = 0.',
      body: { kind: 'antisymmetric', scale: '^${1:1}' },
    },
    {
      label: 'scale-shape',
      description: 'Scale and shape of the start of u∘v.',
      body: { kind: 'scale-shape', scale: '^${1:0.01}', shape: '^${2:0.5}' },
    },
    { label: 'explicit', description: 'Every parameter written out.', body: { kind: 'explicit', parameters: ['^[${1:0}]'] } },
  ],
  loss: [
    {
      label: 'with reduction',
      description: 'The sum instead of the mean over the samples.',
      body: { kind: '${1|square,logistic,exponential|}', reduction: '${2|sum,mean|}' },
    },
    { label: 'polynomial tail', description: '(yf)^(−b).', body: { kind: 'polynomial', power: '^${1:1}' } },
    { label: 'e^(−q^ν)', description: 'A tail with another exponent.', body: { kind: 'exponential-power', power: '^${1:0.5}' } },
  ],
  optimizer: [
    { label: 'gradient-flow', description: 'θ′ = −∇ℒ(θ), integrated adaptively.', body: { kind: 'gradient-flow' } },
    {
      label: 'gradient-descent',
      description: 'θ ← θ − η∇ℒ(θ); without stepSize η is chosen from the data.',
      body: { kind: 'gradient-descent', stepSize: '^${1:0.1}' },
    },
    {
      label: 'sgd',
      description: 'Gradient descent on mini-batches.',
      body: { kind: 'sgd', stepSize: '^${1:0.1}', batchSize: '^${2:1}' },
    },
    {
      label: 'sgd with label noise',
      description: 'Every label is moved by ±δ, anew in every step.',
      body: { kind: 'sgd', stepSize: '^${1:0.02}', labelNoise: '^${2:1}' },
    },
    {
      label: 'steepest-descent',
      description: 'Steepest descent in a norm: ℓ1, ℓ2, ℓ∞ or quadratic.',
      body: {
        kind: 'steepest-descent',
        norm: '${1|l1,linf,l2|}',
        normalize: '${2|gradient,loss,none|}',
        schedule: '${3|inverse-sqrt,constant|}',
      },
    },
    {
      label: 'mirror-descent',
      description: '∇ψ(θ) ← ∇ψ(θ) − η∇ℒ(θ).',
      body: { kind: 'mirror-descent', potential: { kind: 'p-norm', p: '^${1:1.5}' } },
    },
    { label: 'adam', description: 'Adam on the full batch.', body: { kind: 'adam', stepSize: '^${1:0.001}' } },
  ],
  stop: [
    { label: 'logLoss', description: 'Stop at a loss, by its logarithm.', body: { logLoss: '^${1:-100}' } },
    { label: 'steps', description: 'Stop after a number of steps.', body: { steps: '^${1:100000}' } },
  ],
  record: [
    { label: 'points', description: 'How many points a curve has.', body: { points: '^${1:200}', spacing: '${2|log,linear|}' } },
    { label: 'measures', description: 'Which curves are recorded.', body: { measures: ['${1:loss}'] } },
  ],
  compare: [{ label: 'l1 and l2', description: 'Both ends of the scale of the init.', body: ['l1', 'l2'] }],
  sweep: [
    {
      label: 'grid',
      description: 'Every combination of two settings, with several seeds.',
      body: {
        axes: [
          { path: '${1:/init/scale}', log: ['^${2:0.001}', '^${3:1}', '^${4:4}'] },
          { path: '${5:/model/depth}', values: ['^${6:2}', '^${7:3}'] },
        ],
        repeat: '^${8:1}',
      },
    },
    {
      label: 'one axis',
      description: 'One setting, with several seeds: a line with a band.',
      body: { axes: [{ path: '${1:/init/scale}', log: ['^${2:0.001}', '^${3:1}', '^${4:10}'] }], repeat: '^${5:5}' },
    },
  ],
  expect: [{ label: 'agrees', description: 'The run should agree with the prediction.', body: { verdict: 'agrees' } }],
};

/** Keys of a file in the order in which they are suggested. */
const ORDER = [
  'title',
  'notes',
  'seed',
  'data',
  'features',
  'model',
  'init',
  'loss',
  'optimizer',
  'stop',
  'record',
  'compare',
  'expect',
  'sweep',
  'format',
  '$schema',
];

/**
 * The schema as plain data, the same at every call. The shape stands under a condition without a consequence: the service completes
 * and explains by it, and reports nothing. Ready-made files stand outside, because in an empty file it asks no condition.
 */
export function experimentJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Implicit Bias Lab experiment',
    defaultSnippets: TEMPLATES.map(({ title, description, text }) => ({
      label: `New experiment: ${title}`,
      description,
      body: JSON.parse(text) as unknown,
    })),
    if: experimentShape(),
  };
}

/** The shape of a whole file. */
export function experimentShape(): JsonSchema {
  const schema = z.toJSONSchema(experimentSchema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as JsonSchema;
  visit(schema, '');
  delete schema.$schema;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    property.suggestSortText = String(ORDER.indexOf(key)).padStart(2, '0');
    const snippets = SNIPPETS[key];
    if (snippets) property.defaultSnippets = [...snippets];
    // An empty object or list is no suggestion: leaving the key out says the same.
    if (typeof property.default === 'object') delete property.default;
  }
  const measures = schema.properties?.record.properties?.measures;
  if (measures) measures.items = { anyOf: [measureNames(), { type: 'string' }] };
  return schema;
}

function measureNames(): JsonSchema {
  // Any text has the right shape: that there is no such measure is said, with the nearest name, by the check of meaning.
  const entries = Object.entries(MEASURES);
  return { type: 'string', enum: entries.map(([name]) => name), enumDescriptions: entries.map(([, { description }]) => description) };
}

function visit(schema: JsonSchema, key: string): void {
  // Unknown keys are left to our own check, which names the nearest known one.
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER && key !== 'seed') delete schema.maximum;
  if (schema.type === 'integer' && schema.exclusiveMinimum === 0) {
    delete schema.exclusiveMinimum;
    schema.minimum = 1;
  }
  if (schema.const !== undefined && schema.description !== undefined) {
    // A choice among kinds is suggested and explained like a choice of a list; its one choice by the description of the whole.
    schema.enum = [schema.const];
    delete schema.const;
  }
  const choices = CHOICES[key] ?? (schema.enum && Object.hasOwn(CHOICES.loss, String(schema.enum[0])) ? CHOICES.loss : undefined);
  if (schema.enum && choices) schema.enumDescriptions = schema.enum.map((choice) => choices[String(choice)] ?? '');
  if (schema.default !== undefined && typeof schema.default !== 'object' && schema.default !== '' && schema.description !== undefined) {
    schema.markdownDescription = `${schema.description}\n\nDefault: \`${JSON.stringify(schema.default)}\``;
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) visit(property, name);
  if (schema.items) visit(schema.items, key);
  for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(option, key);
  if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, key);
}
