/**
 * G. Vardi, O. Shamir, Implicit regularization in ReLU networks with the square loss, COLT 2021, PMLR 134, Theorem 14: of one hidden ReLU
 * unit x ↦ a max(0, w·x) no regularizer of (w, a) is known to be minimised: every R that is least at the limits from small balanced starts
 * is constant on a² − ‖w‖² = const. The theorem is conditional on an assumption (their Assumption 12) that is supported by computations
 * only. The one bias that can be expressed is that constant: a² − ‖w‖² is conserved by the flow (S. Du, W. Hu, J. Lee, NeurIPS 2018).
 */
import type { Verdict } from '../protocol/report';
import { norm2 } from '../numerics/vectors';
import { isOneHiddenUnit, oneUnit } from './one-unit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { VARDI_SHAMIR_2021 } from './vardi-shamir-2021-monotone-neuron';
import { condition, inWords } from './wording';

const ID = 'vardi-shamir-2021-hidden-relu';

/** Local errors of the flow, 10⁻⁹ a step, over at most some thousand steps. */
const TOLERANCE = 1e-5;

export const vardiShamir2021HiddenRelu: PublishedResult = {
  id: ID,
  row: 'R14',
  title: 'One hidden ReLU unit: no regularizer but the conserved balance',
  statement:
    'For gradient flow on the square loss of x ↦ a max(0, w·x) no function of the parameters is minimised among the zero-loss points but one ' +
    'of the balance a² − ‖w‖², which never changes. The proof rests on an assumption that the paper supports by computations only. ' +
    'With a leaky ReLU in its place an exact regularizer exists.',
  formula: 'no R;  a(t)² − ‖w(t)‖² = a(0)² − ‖w(0)‖²',
  status: 'negative',
  citation: { ...VARDI_SHAMIR_2021, locus: 'Theorem 14, under Assumption 12' },

  outline(experiment) {
    const { loss, optimizer } = experiment;
    if (!isOneHiddenUnit(experiment, 'relu') || loss.kind !== 'square') return null;
    const flow = optimizer.kind === 'gradient-flow';
    return {
      regularizer: 'none',
      symbol: 'no regularizer; a² − ‖w‖² conserved',
      conditions: [condition('gradient flow', flow, flow ? 'gradient flow' : `${optimizer.kind}: a finite step changes a² − ‖w‖²`)],
      modelNote: 'no function of the parameters explains where one hidden ReLU unit ends',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = vardiShamir2021HiddenRelu.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function examine(situation: Situation, outline: Outline): Examination {
  const { delta } = oneUnit(situation.start);
  const { conditions } = outline;
  return {
    prediction: predictionOf(
      vardiShamir2021HiddenRelu,
      { ...outline, symbol: `no regularizer; a² − ‖w‖² = ${inWords(delta)} throughout` },
      conditions,
    ),
    measures: ['loss', 'gradientNorm', 'parameterNorm'],
    companions: [],
    withoutReference: true,
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, situation),
  };
}

function judge(trained: Trained, { start, experiment }: Situation): Verdict {
  const tolerance = experiment.expect?.tolerance ?? TOLERANCE;
  const before = oneUnit(start);
  const after = oneUnit(trained.parameters);
  const size = norm2(start) ** 2 + norm2(trained.parameters) ** 2;
  const value = size > 0 ? Math.abs(after.delta - before.delta) / size : 0;
  const says =
    `a² − ‖w‖² was ${inWords(before.delta)} at the start and is ${inWords(after.delta)} at the end, a change of ${inWords(value)} of the ` +
    `squared parameters`;
  return value <= tolerance
    ? { result: ID, outcome: 'agrees', measure: 'balance-drift', value, tolerance, says: `${says}: conserved, which is all that is known.` }
    : { result: ID, outcome: 'disagrees', measure: 'balance-drift', value, tolerance, says: `${says}, more than ${inWords(tolerance)}.` };
}
