/** The loss as a Python function `loss(out, y)` with the file's reduction. */
import type { LossSpec } from '../experiment/schema';

export function pythonLoss(loss: LossSpec): string {
  return `def loss(out, y):\n    """${doc(loss)}; ${loss.reduction} over the samples."""\n${body(loss)
    .map((line) => `    ${line}`)
    .join('\n')}`;
}

function doc(loss: LossSpec): string {
  switch (loss.kind) {
    case 'square':
      return '(f - y)^2 / 2';
    case 'logistic':
      return 'ln(1 + e^(-yf))';
    case 'exponential':
      return 'e^(-yf)';
    case 'cross-entropy':
      return 'cross-entropy of the classes y';
    case 'squared-hinge':
      return 'max(0, 1 - yf)^2 / 2';
    case 'exponential-power':
      return `e^(-q^${loss.power}) of the margin q = yf, below 1 its tangent at 1`;
    case 'polynomial':
      return `q^(-${loss.power}) of the margin q = yf, below 1 its tangent at 1`;
    default:
      return loss satisfies never;
  }
}

function body(loss: LossSpec): readonly string[] {
  const over = (value: string): string => `return (${value}).${loss.reduction}()`;
  switch (loss.kind) {
    case 'square':
      return [over('0.5 * (out - y) ** 2')];
    case 'logistic':
      return ['q = y * out', over('torch.logaddexp(torch.zeros_like(q), -q)')];
    case 'exponential':
      return [over('torch.exp(-y * out)')];
    case 'cross-entropy':
      return [`return torch.nn.functional.cross_entropy(out, y.long(), reduction="${loss.reduction}")`];
    case 'squared-hinge':
      return [over('0.5 * torch.clamp(1 - y * out, min=0) ** 2')];
    case 'exponential-power':
      return [
        'q = y * out',
        'beyond = torch.clamp(q, min=1)',
        `tangent = np.exp(-1) * (1 - ${loss.power} * (q - 1))`,
        over(`torch.where(q >= 1, torch.exp(-(beyond**${loss.power})), tangent)`),
      ];
    case 'polynomial':
      return [
        'q = y * out',
        'beyond = torch.clamp(q, min=1)',
        over(`torch.where(q >= 1, beyond ** (-${loss.power}), 1 - ${loss.power} * (q - 1))`),
      ];
    default:
      return loss satisfies never;
  }
}
