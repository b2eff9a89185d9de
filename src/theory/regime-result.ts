/**
 * What the results on linear stability of SGD are made of. Each speaks of the same regime (`linear-regime.ts`), of which it takes one quantity
 * and holds the run against it; when they speak, what they record and that they need no reference is the same for all of them.
 */
import type { Experiment } from '../experiment/schema';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { invariantNorm, regimeFileConditions, regimeOf, type Regime } from './linear-regime';
import { predictionOf } from './prediction';
import type { Outline, PublishedResult, Situation, Trained } from './result';

/** What a result finds in the regime of a situation. */
export interface RegimeFinding {
  /** The symbol with its numbers; absent where it stays as it is. */
  readonly symbol?: string;
  /** Conditions of its own, evaluated on the data. */
  readonly conditions?: readonly Condition[];
  judge(trained: Trained): Verdict;
  /** Drawn at the end of the run. */
  figures?(trained: Trained): readonly Figure[];
}

export interface RegimeKind extends Pick<PublishedResult, 'id' | 'title' | 'statement' | 'formula' | 'citation'> {
  readonly regularizer: string;
  readonly symbol: string;
  readonly optimizerNote: string | null;
  /** Whether the run is followed in the norm that is invariant under the law, or by its loss alone. */
  readonly inInvariantNorm: boolean;
  /** Conditions of its own that the file alone decides. */
  fileConditions?(experiment: Experiment): readonly Condition[];
  find(regime: Regime, situation: Situation): RegimeFinding;
}

/** A result on the linear regime of SGD near a minimum that fits every sample. */
export function regimeResult(kind: RegimeKind): PublishedResult {
  const { id, title, statement, formula, citation, regularizer, symbol, optimizerNote, inInvariantNorm } = kind;
  const ownConditions = (experiment: Experiment): readonly Condition[] => kind.fileConditions?.(experiment) ?? [];
  const result: PublishedResult = {
    id,
    row: 'S2',
    title,
    statement,
    formula,
    status: 'theorem',
    citation,

    outline(experiment) {
      const conditions = regimeFileConditions(experiment);
      if (conditions === null) return null;
      return {
        regularizer,
        symbol,
        conditions: [...conditions, ...ownConditions(experiment)],
        modelNote: null,
        optimizerNote,
      } satisfies Outline;
    },

    examine(situation) {
      const outline = result.outline(situation.experiment);
      if (outline === null) return Promise.resolve(null);
      const { conditions, regime } = regimeOf(situation);
      const finding = regime === null ? null : kind.find(regime, situation);
      const { figures } = finding ?? {};
      return Promise.resolve({
        prediction: predictionOf(result, { ...outline, symbol: finding?.symbol ?? symbol }, [
          ...conditions,
          ...ownConditions(situation.experiment),
          ...(finding?.conditions ?? []),
        ]),
        withoutReference: true,
        judgesDivergence: true,
        measures: ['loss', 'gradientNorm', ...(inInvariantNorm ? (['lawSize'] as const) : []), 'l2Norm'],
        companions: [],
        ...(inInvariantNorm && regime !== null && { gauge: invariantNorm(regime, situation.data.y) }),
        solve: () => Promise.resolve(null),
        // Asked only where every condition holds, so that there is a regime.
        judge: (trained) => (finding as RegimeFinding).judge(trained),
        ...(figures !== undefined && { figures: (trained: Trained) => figures(trained), figuresAtEnd: true as const }),
      });
    },
  };
  return result;
}
