/** Whole experiments to start from: one a row of the theory, with what should happen and what to try. */

export interface Template {
  /** Also the name of the new file: "max-margin.bias.json". */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The file's text, ending with a newline. */
  readonly text: string;
}

export const TEMPLATES: readonly Template[] = [
  {
    id: 'max-margin',
    title: 'Maximum margin',
    description: 'Logistic regression on separable data turns to the direction of the largest margin.',
    text: `{
  "title": "Logistic regression turns to the maximum margin",
  "notes": [
    "The data can be separated, so the loss has no minimum: it falls to 0 while the weights grow without end.",
    "Of all directions that separate the data, training turns to the one with the largest margin (Soudry et al. 2018).",
    "Try gradient-descent instead of gradient-flow: it turns to the same direction, but only like 1/log t."
  ],
  "seed": 1,
  "data": { "kind": "separable", "samples": 100, "features": 64, "margin": 0.5 },
  "model": { "kind": "linear" },
  "loss": "logistic",
  "optimizer": { "kind": "gradient-flow" },
  "expect": { "verdict": "agrees" }
}
`,
  },
  {
    id: 'least-squares',
    title: 'Least squares',
    description: 'With more features than samples, training ends at the fit closest to its start.',
    text: `{
  "title": "Linear regression stays as close to its start as it can",
  "notes": [
    "With more features than samples, many weights fit the data exactly.",
    "Gradients are combinations of the inputs, so training ends at the fit that is closest to the initial weights.",
    "Try another init, for instance { \\"kind\\": \\"gaussian\\", \\"scale\\": 1 }: the solution moves with it."
  ],
  "seed": 1,
  "data": { "kind": "sparse-regression", "samples": 20, "features": 50, "sparsity": 3, "noise": 0 },
  "model": { "kind": "linear" },
  "init": { "kind": "zero" },
  "loss": "square",
  "optimizer": { "kind": "gradient-descent" },
  "expect": { "verdict": "agrees" }
}
`,
  },
  {
    id: 'diagonal-network',
    title: 'Diagonal network',
    description: 'The scale of the init leads from the smallest ℓ1 norm to the smallest ℓ2.',
    text: `{
  "title": "A diagonal network from a small init finds a sparse fit",
  "notes": [
    "The predictor is w = u² − v², entry by entry, and u and v are trained.",
    "Of all exact fits, training ends at the one of the smallest potential that belongs to the scale of the init (Woodworth et al. 2020): for a small scale nearly the ℓ1 norm, for a large one nearly the ℓ2 norm.",
    "Try the scale 10: the solution leaves the ℓ1 reference and joins the ℓ2 reference."
  ],
  "seed": 1,
  "data": { "kind": "sparse-regression", "samples": 20, "features": 50, "sparsity": 3, "noise": 0 },
  "model": { "kind": "diagonal", "depth": 2 },
  "init": { "kind": "constant", "scale": 0.01 },
  "loss": "square",
  "optimizer": { "kind": "gradient-flow" },
  "compare": ["l1", "l2"],
  "expect": { "verdict": "agrees" }
}
`,
  },
];
