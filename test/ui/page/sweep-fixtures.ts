/** Sweeps as the product draws them: half done, over, with failures, over every kind of axis. */
import type { RunView } from '../../../src/protocol/panel';
import type { Figure, Report, Verdict } from '../../../src/protocol/report';
import type { RunLetter } from '../../../src/protocol/sweep';
import { spreadOf } from '../../../src/study/sweep-board';
import { sweepFigures } from '../../../src/study/sweep-figures';
import { withFigures } from './figure-fixtures';
import { view } from './fixtures';

export interface Swept {
  readonly axes: Parameters<typeof sweepFigures>[0]['axes'];
  readonly repeat?: number;
  readonly measures?: readonly string[];
  readonly letter?: (run: number, total: number) => RunLetter;
}

/** The pictures of a sweep, made as the product makes them, of values that rise along both axes. */
export function pictures({ axes, repeat = 1, measures = ['distanceToL1'], letter = () => 'a' }: Swept): readonly Figure[] {
  const cells = axes.reduce((product, { values }) => product * values.length, 1);
  const states = Array.from({ length: cells * repeat }, (_, run) => letter(run, cells * repeat)).join('');
  const known = (run: number): boolean => /[adin]/.test(states[run]);
  const valueOf = (run: number): number =>
    known(run) ? 10 ** (-3 + (3 * Math.floor(run / repeat)) / cells + 0.1 * Math.sin(7 * run)) : Number.NaN;
  return sweepFigures(
    {
      axes,
      repeat,
      seed: 1,
      states,
      valueOf,
      cells: Array.from({ length: cells }, (_, cell) => {
        let rest = cell;
        const at = axes.map(() => 0);
        for (let k = axes.length - 1; k >= 0; k--) {
          at[k] = rest % axes[k].values.length;
          rest = Math.floor(rest / axes[k].values.length);
        }
        const own = Array.from({ length: repeat }, (_, k) => valueOf(cell * repeat + k));
        return {
          settings: axes.map(({ path, values }, k) => ({ path, value: values[at[k]] })),
          verdicts: {},
          expected: {},
          measures: Object.fromEntries(measures.map((name) => [name, spreadOf(own)])),
        };
      }),
    },
    measures,
  );
}

export const SCALES = { path: '/init/scale', values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3], scale: 'log' } as const;
export const KINDS = {
  path: '/optimizer/kind',
  values: ['gradient-flow', 'gradient-descent', 'stochastic gradient descent with a long name', 'sign-descent'],
  scale: 'linear',
} as const;
export const WIDE = { path: '/stop/time', values: Array.from({ length: 30 }, (_, k) => k + 1), scale: 'linear' } as const;

/** Two thirds are over, some of them failed or with another verdict, a few run. */
export const halfWay = (run: number, total: number): RunLetter =>
  run > 0.66 * total ? 'w' : run > 0.6 * total ? 'r' : run % 13 === 5 ? 'f' : run % 11 === 3 ? 'd' : run % 7 === 4 ? 'i' : 'a';
export const over = (run: number): RunLetter => halfWay(run, 1e9);

export const running = (figures: readonly Figure[]): RunView =>
  view('running', null, { kind: 'sweep', figures, progress: { fraction: 0.6, says: '19 of 32 runs · 1 failed · 25 s left' } });

export function overRuns(figures: readonly Figure[], outcome: Report['outcome']): Report {
  const ended = '32 runs: 4 values of /optimizer/kind × 8 values of /init/scale. Paused with 19 of 32 runs done.';
  const verdict: Verdict = {
    outcome: 'disagrees',
    result: null,
    measure: null,
    value: null,
    tolerance: null,
    says: 'Of 32 runs, 15 agree with their prediction, 2 disagree with their prediction, 2 failed, 13 are not run yet.',
  };
  return { ...withFigures(figures), title: 'Scale of the start', outcome, ended, verdict, trajectory: {}, measures: {}, references: [] };
}
