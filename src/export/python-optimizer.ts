/** The optimizer as a Python function `train(theta, steps)`, which returns θ and the number of steps that were taken. */
import type { NormSpec, PotentialSpec } from '../experiment/optimizer-schema';
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import type { ResolvedRun } from '../protocol/compute';
import { pythonTensor } from './python-values';

const GRADIENT = `def gradient(theta, x=None, y=None, factor=1.0):
    """The loss and its gradient in the trained blocks; the others get zeros."""
    theta = [block.detach().requires_grad_(trained) for block, trained in zip(theta, TRAINED)]
    value = factor * loss(model(theta, X if x is None else x), Y if y is None else y)
    parts = iter(torch.autograd.grad(value, [block for block in theta if block.requires_grad]))
    return value.detach(), [next(parts) if block.requires_grad else torch.zeros_like(block) for block in theta]


def size(vector):
    """Euclidean norm over all blocks."""
    return torch.sqrt(sum((block**2).sum() for block in vector))`;

export function pythonOptimizer(optimizer: OptimizerSpec, run: ResolvedRun): string {
  return `${GRADIENT}\n\n\n${training(optimizer, run)}`;
}

function training(optimizer: OptimizerSpec, run: ResolvedRun): string {
  switch (optimizer.kind) {
    case 'gradient-flow':
      return FLOW;
    case 'gradient-descent':
      return descent(optimizer);
    case 'sgd':
      return sgd(optimizer, run);
    case 'steepest-descent':
      return steepest(optimizer);
    case 'mirror-descent':
      return mirror(optimizer);
    case 'adam':
      return adam(optimizer);
    default:
      return optimizer satisfies never;
  }
}

type Schedule = Extract<OptimizerSpec, { kind: 'sgd' }>['schedule'];

/** η of the step `step`, counted from 0; the lab fills η in where the file gives none. */
function stepOf({ stepSize, schedule = 'constant' }: { readonly stepSize?: number; readonly schedule?: Schedule }): string {
  if (schedule === 'constant') return String(stepSize);
  if (schedule === 'inverse-sqrt') return `${stepSize} / (step + 1) ** 0.5`;
  const { at, factor } = schedule;
  return `${stepSize} * ${factor} ** sum(step >= drop for drop in ${JSON.stringify(at)})`;
}

type Normalize = Extract<OptimizerSpec, { kind: 'gradient-descent' }>['normalize'];

/** What the step is divided by. */
function divisor(normalize: Normalize, length = 'size(g)'): string {
  switch (normalize) {
    case 'none':
      return '';
    case 'gradient':
      return ` / ${length}`;
    case 'loss':
      return ' / value';
    case 'sqrt-loss':
      // The gradient of the root of the loss.
      return ' / (2 * torch.sqrt(value))';
    default:
      return normalize satisfies never;
  }
}

const LOOP = `    for step in range(steps):
        value, g = gradient(theta)
        if not torch.isfinite(value):
            return theta, step`;

const MOMENTUM_WORDS = { 'heavy-ball': 'heavy-ball momentum', nesterov: "Nesterov's momentum", ema: 'the mean of the gradients so far' };

function descent({
  momentum,
  momentumKind,
  normalize,
  weightDecay,
  ...optimizer
}: Extract<OptimizerSpec, { kind: 'gradient-descent' }>): string {
  const nesterov = momentum > 0 && momentumKind === 'nesterov';
  const rate = `${momentum > 0 && momentumKind === 'ema' ? `${1 - momentum} * ` : ''}${stepOf(optimizer)}${divisor(normalize)}`;
  const lines = [
    ...(weightDecay === 0
      ? []
      : [
          '# Weights decay, biases do not.',
          `g = [part if bias else part + ${weightDecay} * block for part, block, bias in zip(g, ${nesterov ? 'ahead' : 'theta'}, BIASES)]`,
        ]),
    `rate = ${rate}`,
    ...(momentum === 0
      ? ['theta = [block - rate * part for block, part in zip(theta, g)]']
      : [
          `velocity = [${momentum} * v - rate * part for v, part in zip(velocity, g)]`,
          'theta = [block + v for block, v in zip(theta, velocity)]',
        ]),
  ];
  const look = nesterov
    ? `        ahead = [block + ${momentum} * v for block, v in zip(theta, velocity)]\n        value, g = gradient(ahead)`
    : '        value, g = gradient(theta)';
  return `def train(theta, steps):
    """Gradient descent${momentum === 0 ? '' : ` with ${MOMENTUM_WORDS[momentumKind]}`}."""
${momentum === 0 ? '' : '    velocity = [torch.zeros_like(block) for block in theta]\n'}${LOOP.replace('        value, g = gradient(theta)', look)}
${lines.map((line) => `        ${line}`).join('\n')}
    return theta, steps`;
}

function sgd(optimizer: Extract<OptimizerSpec, { kind: 'sgd' }>, run: ResolvedRun): string {
  const { batchSize, sampling, labelNoise, gradientNoise } = optimizer;
  const { reduction } = (run.experiment as Pick<Experiment, 'loss'>).loss;
  const noisy = labelNoise > 0 || gradientNoise > 0;
  const draws = noisy || typeof sampling === 'string';
  const constants = [
    ...(typeof sampling === 'string'
      ? [`# State of the random stream of the batches: the same batches as in the lab.\nSTATE = ${JSON.stringify(run.streams?.batches)}`]
      : []),
    ...(noisy ? [`# State of the random stream of the noise.\nNOISE_STATE = ${JSON.stringify(run.streams?.noise)}`] : []),
  ];
  const labels = labelNoise > 0 ? `Y[batch] + ${labelNoise} * torch.tensor([noise.sign() for _ in batch])` : 'Y[batch]';
  const disturbed =
    gradientNoise > 0
      ? `        g = [part + ${gradientNoise} * torch.tensor([noise.gaussian() for _ in range(part.numel())]).reshape(part.shape) for part in g]\n`
      : '';
  return [
    ...(constants.length > 0 ? [constants.join('\n')] : []),
    ...(draws ? [generator({ integer: typeof sampling === 'string', sign: labelNoise > 0, gaussian: gradientNoise > 0 })] : []),
    batches(sampling),
    `def train(theta, steps):
    """Stochastic gradient descent; one step is one batch."""
    n = Y.shape[0]
    sample = batches(n, min(${batchSize}, n))
${noisy ? '    noise = Xoroshiro(*NOISE_STATE)\n' : ''}    for step in range(steps):
        batch = next(sample)
        value, g = gradient(theta, X[batch], ${labels}, ${reduction === 'sum' ? 'n / len(batch)' : '1.0'})
        if not torch.isfinite(value):
            return theta, step
${disturbed}        rate = ${stepOf(optimizer)}
        theta = [block - rate * part for block, part in zip(theta, g)]
    return theta, steps`,
  ].join('\n\n\n');
}

function batches(sampling: Extract<OptimizerSpec, { kind: 'sgd' }>['sampling']): string {
  if (typeof sampling !== 'string')
    return `def batches(n, size):
    """Batches that stay as they are, in the same order in every epoch."""
    while True:
        for b in ${JSON.stringify(sampling.order)}:
            yield list(range(b * size, min(n, (b + 1) * size)))`;
  return sampling === 'shuffle'
    ? `def batches(n, size):
    """A fresh shuffle (Fisher-Yates) in every epoch, whose last batch may be smaller."""
    order, generator = list(range(n)), Xoroshiro(*STATE)
    while True:
        for i in range(n - 1, 0, -1):
            j = generator.integer(i + 1)
            order[i], order[j] = order[j], order[i]
        for first in range(0, n, size):
            yield order[first : first + size]`
    : `def batches(n, size):
    """Every sample of every batch drawn independently."""
    generator = Xoroshiro(*STATE)
    while True:
        yield [generator.integer(n) for _ in range(size)]`;
}

/** The lab's generator, with the draws that are needed. */
function generator({ integer, sign, gaussian }: { readonly integer: boolean; readonly sign: boolean; readonly gaussian: boolean }): string {
  return `class Xoroshiro:
    """xoroshiro128+ (Blackman, Vigna 2018), of every word the lower half."""

    def __init__(self, s01, s00, s11, s10):
        self.s0 = (s01 & 0xFFFFFFFF) << 32 | s00 & 0xFFFFFFFF
        self.s1 = (s11 & 0xFFFFFFFF) << 32 | s10 & 0xFFFFFFFF
${gaussian ? '        self.spare = None\n' : ''}
    def next(self):
        mask = 0xFFFFFFFFFFFFFFFF
        out = (self.s0 + self.s1) & 0xFFFFFFFF
        s1 = self.s1 ^ self.s0
        self.s0 = ((self.s0 << 24 | self.s0 >> 40) ^ s1 ^ s1 << 16) & mask
        self.s1 = (s1 << 37 | s1 >> 27) & mask
        return out${
          integer
            ? `

    def integer(self, n):
        bucket = 0x100000000 // n
        while True:
            k = self.next() // bucket
            if k < n:
                return k`
            : ''
        }${
          sign
            ? `

    def sign(self):
        return -1.0 if self.next() >= 0x80000000 else 1.0`
            : ''
        }${
          gaussian
            ? `

    def uniform(self):
        high = self.next() >> 5
        low = self.next() >> 6
        return (high * 0x4000000 + low) * 2.0**-53

    def gaussian(self):
        """Marsaglia's polar method."""
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        while True:
            a, b = 2 * self.uniform() - 1, 2 * self.uniform() - 1
            s = a * a + b * b
            if 0 < s < 1:
                factor = float(np.sqrt(-2 * np.log(s) / s))
                self.spare = b * factor
                return a * factor`
            : ''
        }`;
}

function steepest({ norm, normalize, ...optimizer }: Extract<OptimizerSpec, { kind: 'steepest-descent' }>): string {
  const { setUp, lines } = steepestIn(norm);
  return `${setUp}def train(theta, steps):
    """Steepest descent in a norm: the step is as long as the gradient in the dual norm."""
    shapes = [block.shape for block in theta]
    lengths = [block.numel() for block in theta]
${LOOP}
        g = torch.cat([part.reshape(-1) for part in g])
${lines.map((line) => `        ${line}`).join('\n')}
        rate = ${stepOf(optimizer)}${divisor(normalize, 'length')}
        parts = torch.split(rate * direction, lengths)
        theta = [block - part.reshape(shape) for block, part, shape in zip(theta, parts, shapes)]
    return theta, steps`;
}

function steepestIn(norm: NormSpec): { readonly setUp: string; readonly lines: readonly string[] } {
  if (typeof norm !== 'string') {
    const n = norm.matrix.length;
    return {
      setUp: `# ||v||^2 = v.Pv\nP = ${pythonTensor(norm.matrix.flat(), n, n)}\n\n\n`,
      lines: ['direction = torch.linalg.solve(P, g)', 'length = torch.sqrt(g @ direction)'],
    };
  }
  switch (norm) {
    case 'l1':
      return {
        setUp: '',
        lines: ['at = torch.argmax(g.abs())', 'direction = torch.zeros_like(g)', 'direction[at] = g[at]', 'length = g[at].abs()'],
      };
    case 'l2':
      return { setUp: '', lines: ['direction, length = g, g.norm()'] };
    case 'linf':
      return { setUp: '', lines: ['length = g.abs().sum()', 'direction = length * torch.sign(g)'] };
    default:
      return norm satisfies never;
  }
}

function mirror({ potential, normalize, ...optimizer }: Extract<OptimizerSpec, { kind: 'mirror-descent' }>): string {
  const [forward, backward] = mirrorMap(potential);
  return `def train(theta, steps):
    """Mirror descent: grad psi(theta) <- grad psi(theta) - rate * gradient."""
    dual = [${forward('block')} for block in theta]
${LOOP}
        rate = ${stepOf(optimizer)}${divisor(normalize)}
        dual = [block - rate * part for block, part in zip(dual, g)]
        theta = [${backward('block')} for block in dual]
    return theta, steps`;
}

function mirrorMap(potential: PotentialSpec): readonly [(w: string) => string, (dual: string) => string] {
  if (potential === 'entropy') return [(w) => `torch.log(${w})`, (dual) => `torch.exp(${dual})`];
  if (potential.kind === 'p-norm') {
    const power = potential.p - 1;
    return [(w) => `torch.sign(${w}) * ${w}.abs() ** ${power}`, (dual) => `torch.sign(${dual}) * ${dual}.abs() ** (1 / ${power})`];
  }
  const { beta } = potential;
  return [(w) => `torch.asinh(${w} / ${beta})`, (dual) => `${beta} * torch.sinh(${dual})`];
}

function adam({ beta1, beta2, epsilon, ...optimizer }: Extract<OptimizerSpec, { kind: 'adam' }>): string {
  return `def train(theta, steps):
    """Adam on the full batch (Kingma, Ba 2015, Algorithm 1)."""
    first = [torch.zeros_like(block) for block in theta]
    second = [torch.zeros_like(block) for block in theta]
${LOOP}
        first = [${beta1} * m + (1 - ${beta1}) * part for m, part in zip(first, g)]
        second = [${beta2} * v + (1 - ${beta2}) * part**2 for v, part in zip(second, g)]
        rate = ${stepOf(optimizer)} / (1 - ${beta1} ** (step + 1))
        roots = [torch.sqrt(v / (1 - ${beta2} ** (step + 1))) + ${epsilon} for v in second]
        # An entry whose gradient has always been 0 does not move.
        theta = [block - torch.where(m == 0, m, rate * m / root) for block, m, root in zip(theta, first, roots)]
    return theta, steps`;
}

/** Dormand and Prince 1980, the pair 5(4), with the usual step-size control. */
const FLOW = `NODES = [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
]
FIFTH = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0]
FOURTH = [5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40]


def train(theta, steps):
    """Gradient flow by Dormand-Prince 5(4); a loss without a minimum is followed in the time ds = L dt."""
    shapes, lengths = [block.shape for block in theta], [block.numel() for block in theta]
    unflatten = lambda flat: [p.reshape(s) for p, s in zip(torch.split(flat, lengths), shapes)]
    last = None

    def velocity(flat):
        nonlocal last
        last, g = gradient(unflatten(flat))
        return -torch.cat([part.reshape(-1) for part in g]) / (last if LOGARITHMIC else 1.0)

    flat = torch.cat([block.reshape(-1) for block in theta])
    slope, h, largest, taken = velocity(flat), 1e-3, 0.0, 0
    while taken < steps:
        largest = max(largest, float(slope.norm()))
        if float(slope.norm()) <= 1e-10 * largest or float(torch.log(last)) <= LEAST_LOG_LOSS:
            break
        stages = [slope]
        for row in NODES[1:]:
            stages.append(velocity(flat + h * sum(a * k for a, k in zip(row, stages))))
        fifth = flat + h * sum(b * k for b, k in zip(FIFTH, stages))
        fourth = flat + h * sum(b * k for b, k in zip(FOURTH, stages))
        scale = 1e-12 + TOLERANCE * torch.maximum(flat.abs(), fifth.abs())
        error = float(torch.sqrt((((fifth - fourth) / scale) ** 2).mean()))
        if error <= 1:
            flat, slope, taken = fifth, stages[-1], taken + 1
        if not np.isfinite(error):
            error = 1e10
        h *= min(5.0, max(0.2, 0.9 * (error + 1e-30) ** -0.2))
    return unflatten(flat), taken`;
