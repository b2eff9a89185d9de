/** Experiments of the suites. */

/** Two equations in three unknowns: gradient flow from 0 ends at the least-norm solution within a moment. */
export const REGRESSION = `{
  "title": "Two equations, three unknowns",
  "data": { "kind": "inline", "x": [[1, 0, 1], [0, 1, 1]], "y": [1, 2] },
  "model": { "kind": "linear" },
  "loss": "square",
  "optimizer": { "kind": "gradient-flow" }
}
`;

/** The tied diagonal network of Woodworth et al. 2020. */
export const SPARSE = `{
  "title": "Sparse regression",
  "data": { "kind": "sparse-regression", "samples": 10, "features": 30, "sparsity": 2 },
  "model": { "kind": "diagonal", "depth": 2 },
  "init": { "kind": "constant", "scale": 0.01 },
  "loss": "square",
  "optimizer": { "kind": "gradient-flow" }
}
`;

/** Gradient descent that goes on for hours. */
export const ENDLESS = `{
  "title": "Endless",
  "data": { "kind": "separable", "samples": 200, "features": 50 },
  "model": { "kind": "linear" },
  "loss": "logistic",
  "optimizer": { "kind": "gradient-descent", "stepSize": 0.01 },
  "stop": { "steps": 1000000000000 }
}
`;
