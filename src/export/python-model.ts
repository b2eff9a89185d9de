/** The model as a Python function `model(theta, x)`: theta a list of blocks, x of samples × features. */
import type { ModelSpec } from '../experiment/schema';
import type { ResolvedRun } from '../protocol/compute';

type Activation = Extract<ModelSpec, { kind: 'network' }>['activation'];

export interface PythonModel {
  readonly code: string;
  /** The trained function is linear in x, so that it has a predictor. */
  readonly linear: boolean;
}

export function pythonModel(spec: ModelSpec, run: ResolvedRun): PythonModel {
  if (spec.kind === 'sum') {
    let first = 0;
    const terms = spec.terms.map((term, k) => {
      const count = run.blocks.filter(({ name }) => name.startsWith(`${k + 1}.`)).length;
      const part = body(term, run);
      const code = `def term_${k + 1}(theta, x):\n${indented(part.lines)}`;
      const call = `term_${k + 1}(theta[${first}:${first + count}], x)`;
      first += count;
      return { code, call, linear: part.linear };
    });
    return {
      code: [...terms.map(({ code }) => code), `def model(theta, x):\n    return ${terms.map(({ call }) => call).join(' + ')}`].join(
        '\n\n\n',
      ),
      linear: terms.every(({ linear }) => linear) && !spec.terms.some((term) => term.kind === 'linear' && term.bias),
    };
  }
  if (spec.kind === 'matrix-factorization') return matrixModel(spec, run);
  const { lines, linear, doc } = body(spec, run);
  return { code: `def model(theta, x):\n    """${doc}"""\n${indented(lines)}`, linear };
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

interface Body {
  readonly doc: string;
  readonly lines: readonly string[];
  readonly linear: boolean;
}

type Network = Omit<Extract<ModelSpec, { kind: 'network' }>, 'trainable'>;

function body(
  spec: Exclude<ModelSpec, { kind: 'sum' | 'matrix-factorization' | 'network' }> | Network,
  { outputs, data }: ResolvedRun,
): Body {
  switch (spec.kind) {
    case 'linear':
      return {
        doc: spec.bias ? 'x -> w.x + b' : 'x -> w.x',
        linear: true,
        lines:
          outputs === 1
            ? [`return x @ theta[0].reshape(-1)${spec.bias ? ' + theta[1].reshape(())' : ''}`]
            : [`return x @ theta[0].T${spec.bias ? ' + theta[1].reshape(-1)' : ''}`],
      };
    case 'diagonal':
      return spec.tied
        ? {
            doc: `x -> (u^${spec.depth} - v^${spec.depth}).x, entrywise powers`,
            linear: true,
            lines: ['u, v = (block.reshape(-1) for block in theta)', `return x @ (u**${spec.depth} - v**${spec.depth})`],
          }
        : {
            doc: 'x -> (w1 * ... * wD).x, entrywise products',
            linear: true,
            lines: ['return x @ torch.prod(torch.stack([block.reshape(-1) for block in theta]), dim=0)'],
          };
    case 'linear-network':
      return {
        doc: 'x -> W_k ... W_1 x',
        linear: true,
        lines: ['for w in theta:', '    x = x @ w.T', outputs === 1 ? 'return x.reshape(-1)' : 'return x'],
      };
    case 'linear-convolution':
      return {
        doc: 'full-width circular convolutions h_l[d] = D^(-1/2) sum_k w_l[k] h_(l-1)[(d + k) mod D], the last layer dense',
        linear: true,
        lines: [
          'd = x.shape[1]',
          'shift = (torch.arange(d)[:, None] + torch.arange(d)[None, :]) % d',
          'for w in theta[:-1]:',
          '    x = x[:, shift] @ w.reshape(-1) / d**0.5',
          'return x @ theta[-1].reshape(-1)',
        ],
      };
    case 'neuron':
      return {
        doc: 'x -> sigma(w.x)',
        linear: spec.activation === 'identity',
        lines: [`z = x @ theta[0].reshape(-1)`, `return ${activation(spec.activation, 'z')}`],
      };
    case 'network':
      return network(spec, data.features, outputs);
    case 'scaled': {
      const inner = network(spec.model, data.features, outputs);
      const factor = spec.perRootWidth ? `${spec.factor} / ${spec.model.widths.at(-1) ?? 1} ** 0.5` : String(spec.factor);
      const lines = inner.lines.map((line) => line.replace(/^return (.*)$/, `return ${factor} * $1`));
      return { doc: 'a network times a constant', lines, linear: false };
    }
    default:
      return spec satisfies never;
  }
}

function network(
  {
    widths,
    bias,
    residual,
    activation: sigma,
  }: Pick<Extract<ModelSpec, { kind: 'network' }>, 'widths' | 'bias' | 'residual' | 'activation'>,
  features: number,
  outputs: number,
): Body {
  const lines: string[] = [];
  let block = 0;
  for (let l = 1; l <= widths.length + 1; l++) {
    const biased = bias === 'all' || (bias === 'first' && l === 1);
    lines.push(`z = x @ theta[${block}].T${biased ? ` + theta[${block + 1}].reshape(-1)` : ''}`);
    block += biased ? 2 : 1;
    if (l > widths.length) break;
    const value = activation(sigma, 'z');
    const inputs = l === 1 ? features : widths[l - 2];
    lines.push(`x = ${value}${residual && inputs === widths[l - 1] ? ' + x' : ''}`);
  }
  lines.push(outputs === 1 ? 'return z.reshape(-1)' : 'return z');
  return { doc: 'feed-forward network', lines, linear: sigma === 'identity' && bias === 'none' && !residual };
}

function activation(spec: Activation, z: string): string {
  const kind = typeof spec === 'string' ? spec : spec.kind;
  switch (kind) {
    case 'identity':
      return z;
    case 'relu':
      return `torch.where(${z} > 0, ${z}, 0.0 * ${z})`;
    case 'leaky-relu':
      return `torch.where(${z} > 0, ${z}, ${typeof spec === 'string' ? 0.1 : spec.slope} * ${z})`;
    case 'tanh':
      return `torch.tanh(${z})`;
    case 'sigmoid':
      return `torch.sigmoid(${z})`;
    case 'softplus':
      // torch's own softplus is linear beyond 20.
      return `torch.logaddexp(torch.zeros_like(${z}), ${z})`;
    case 'quadratic':
      return `${z}**2`;
    default:
      return kind satisfies never;
  }
}

function matrixModel({ symmetric }: Extract<ModelSpec, { kind: 'matrix-factorization' }>, { data }: ResolvedRun): PythonModel {
  const observed = data.matrix?.observed !== null && data.matrix !== null;
  const product = symmetric ? ['w = theta[0] @ theta[0].T'] : ['w = theta[0]', 'for factor in theta[1:]:', '    w = factor @ w'];
  return {
    linear: true,
    code: [
      `def matrix(theta):\n    """${symmetric ? 'W = U U^T' : 'W = W_k ... W_1'}"""\n${indented([...product, 'return w'])}`,
      observed
        ? 'def model(theta, x):\n    """The entries W[i, j] at the observed places x."""\n    return matrix(theta).reshape(-1)[x]'
        : 'def model(theta, x):\n    """The measurements <A_i, W>, the rows of x the matrices A_i."""\n    return x @ matrix(theta).reshape(-1)',
    ].join('\n\n\n'),
  };
}
