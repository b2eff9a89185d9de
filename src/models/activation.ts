/** Activations with their first two derivatives. At a kink the derivative is the one from the left, one element of Clarke's set. */
export interface Activation {
  readonly name: string;
  value(z: number): number;
  first(z: number): number;
  second(z: number): number;
  /** σ(cz) = c^k σ(z) for c > 0; null when there is no such k. */
  readonly degree: number | null;
  /** Twice continuously differentiable. */
  readonly smooth: boolean;
}

export type ActivationSpec =
  | { readonly kind: 'identity' | 'relu' | 'tanh' | 'sigmoid' | 'softplus' | 'quadratic' }
  | { readonly kind: 'leaky-relu'; readonly slope: number };

const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

export function createActivation(spec: ActivationSpec): Activation {
  switch (spec.kind) {
    case 'identity':
      return { name: 'identity', value: (z) => z, first: () => 1, second: () => 0, degree: 1, smooth: true };
    case 'relu':
      return { name: 'ReLU', value: (z) => (z > 0 ? z : 0), first: (z) => (z > 0 ? 1 : 0), second: () => 0, degree: 1, smooth: false };
    case 'leaky-relu': {
      const { slope } = spec;
      return {
        name: `leaky ReLU, slope ${slope}`,
        value: (z) => (z > 0 ? z : slope * z),
        first: (z) => (z > 0 ? 1 : slope),
        second: () => 0,
        degree: 1,
        smooth: slope === 1,
      };
    }
    case 'tanh':
      return {
        name: 'tanh',
        value: Math.tanh,
        first: (z) => 1 - Math.tanh(z) ** 2,
        second: (z) => {
          const t = Math.tanh(z);
          return -2 * t * (1 - t * t);
        },
        degree: null,
        smooth: true,
      };
    case 'sigmoid':
      return {
        name: 'sigmoid',
        value: sigmoid,
        first: (z) => sigmoid(z) * sigmoid(-z),
        second: (z) => sigmoid(z) * sigmoid(-z) * (sigmoid(-z) - sigmoid(z)),
        degree: null,
        smooth: true,
      };
    case 'softplus':
      return {
        name: 'softplus',
        value: (z) => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))),
        first: sigmoid,
        second: (z) => sigmoid(z) * sigmoid(-z),
        degree: null,
        smooth: true,
      };
    case 'quadratic':
      return { name: 'quadratic', value: (z) => z * z, first: (z) => 2 * z, second: () => 2, degree: 2, smooth: true };
    default:
      return spec satisfies never;
  }
}
