/** States of the results page for the grid: those of the page's tests, and real reports of examples, one for every kind of figure. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparedRun, RunView } from '../../../src/protocol/panel';
import type { Report } from '../../../src/protocol/report';
import { savedReports, stateOf } from '../../../src/study/saved-report';
import { runGroup } from '../../lanes/group';
import { OUT, ROOT } from '../../lanes/repository';
import { boundaryAt, MATRIX, withFigures } from '../page/figure-fixtures';
import { allStates, compared, linearRegression, livePoints, maxMargin, view } from '../page/fixtures';
import type { ResultsPage } from '../page/harness';
import { halfWay, KINDS, over, overRuns, pictures, running, SCALES } from '../page/sweep-fixtures';

export interface PageState {
  readonly name: string;
  readonly run: RunView | null;
  readonly compared: readonly ComparedRun[];
  /** What the reader does before the picture is taken. */
  act?(results: ResultsPage): Promise<void>;
}

/** A run of another step size, with its settings in its report. */
function stepped(stepSize: number, seed = 0): Report {
  return {
    ...linearRegression(stepSize, 'Closest interpolator'),
    experiment: { title: 'same', seed, optimizer: { kind: 'gradient-descent', stepSize } },
  };
}

/** Opens what can be opened, and leaves the focus on a chart. */
async function openAll({ page }: ResultsPage): Promise<void> {
  for (const toggle of await page.getByRole('button', { name: /^Table of/ }).all()) await toggle.click();
  for (const summary of await page.locator('.other-prediction summary').all()) await summary.click();
  await page.locator('.chart-frame').first().focus();
  for (let k = 0; k < 3; k += 1) await page.keyboard.press('ArrowRight');
}

/** Opens the place of a sweep in its second row and column. */
async function openPlace({ page }: ResultsPage): Promise<void> {
  await page.locator('.heat-frame').first().focus();
  for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
}

/** States that the page's tests have no need of all together. */
function furtherStates(): readonly PageState[] {
  const r1 = linearRegression();
  const c1 = maxMargin();
  const figures = withFigures();
  const alone = (name: string, run: RunView, act?: PageState['act']): PageState => ({ name, run, compared: [], ...(act && { act }) });
  const others = [0.05, 0.02, 0.2, 0.3, 0.01].map((step, at) => compared(stepped(step, at % 2), `other-${at}`));
  const sweep = (letter: typeof halfWay): Report => overRuns(pictures({ axes: [KINDS, SCALES], letter, repeat: 5 }), 'stopped');
  return [
    alone('waiting', view('running', null, { waiting: true, progress: { fraction: null, says: 'begins when another run has ended' } })),
    alone('starting', view('running', null, { progress: { fraction: null, says: 'starting' } })),
    alone(
      'running-figures',
      view('running', null, {
        live: livePoints(c1.trajectory, 0, 90),
        figures: [boundaryAt(0.4), MATRIX],
        progress: { fraction: 0.42, says: 'training · ln ℒ = −8.12' },
      }),
    ),
    alone(
      'disagrees',
      view('done', {
        ...r1,
        asExpected: false,
        verdict: { ...r1.verdict, outcome: 'disagrees', value: 0.0431, says: 'w is 0.0431 from the closest solution, beyond 10⁻⁸.' },
      }),
    ),
    alone(
      'reference-failed',
      view('done', {
        ...r1,
        references: [],
        verdict: {
          ...r1.verdict,
          outcome: 'inconclusive',
          value: null,
          says: 'The reference could not be solved: no certificate better than 10⁻⁸ was found in 200 iterations.',
        },
      }),
    ),
    alone('figures', view('done', figures)),
    alone('all-open', view('done', figures), openAll),
    alone('menu', view('done', r1, { stale: true }), ({ page }) => page.getByRole('button', { name: 'Export' }).click()),
    alone('saved', view('done', r1, { kind: 'saved', file: 'reports/closest.report.json' })),
    alone('saved-of-another-version', view('done', { ...r1, version: '', kernels: '', fingerprint: '', figures: [] }, { kind: 'saved' })),
    { name: 'compared-2', run: view('done', stepped(0.1)), compared: others.slice(0, 1) },
    { name: 'compared-6', run: view('done', stepped(0.1)), compared: others },
    alone('sweep-running', running(pictures({ axes: [KINDS, SCALES], letter: halfWay }))),
    alone('sweep-paused', view('cancelled', { ...sweep(halfWay), outcome: 'cancelled' }, { kind: 'sweep' })),
    alone('sweep-over', view('done', sweep(over), { kind: 'sweep' }), openPlace),
    alone('sweep-line', view('done', overRuns(pictures({ axes: [SCALES], repeat: 5, letter: over }), 'stopped'), { kind: 'sweep' })),
    alone('sweep-texts', view('done', overRuns(pictures({ axes: [KINDS], repeat: 3, letter: over }), 'stopped'), { kind: 'sweep' })),
    alone('sweep-failed', view('failed', null, { kind: 'sweep', failure: 'No space is left on the device.' })),
  ];
}

/** By the kind of picture that they bring; every kind of figure is among them. */
const EXAMPLES = [
  'c1-max-margin', // curves and coefficients
  'c1-gradient-descent-is-slow', // inconclusive
  'c5-relu-network', // multipliers, boundary, directions of units, spectra of layers
  'c6-kkt-not-optimal',
  'c7-wide-relu',
  'c8-symmetric-data',
  'c10-few-regions', // kinks
  'c12-multiclass', // three classes
  'c15-regularization-path',
  'c16-breast-cancer', // bounds
  'c4-spectrum',
  'r3-sparse-recovery',
  'r9-greedy-low-rank', // heat maps
  'r10-depth-3', // singular values over time
  's1-product-of-two', // the plane of two parameters
  's3-large-step', // function with kinks
  's8-edge-of-stability', // sharpness, 2/η and the central flow
  's10-two-step-orbit',
  's10-catapult-diverges', // diverges, and agrees
  's11-noise-floor',
  's2-mean-square-threshold',
  'a1-label-noise-product',
  'a4-weight-decay',
  'a5-wide-relu',
  'a7-reconstruction',
  'g2-double-descent',
  'c5-control-tanh', // no prediction
] as const;

const FOLDER = join(OUT, 'screenshots', 'reports');
const DEADLINE = 300_000;

/** A report of an example, computed by the command line; one that is newer than the build is taken as it is. */
async function reportOf(example: string): Promise<Report> {
  const path = join(FOLDER, `${example}.json`);
  const built = statSync(join(ROOT, 'dist', 'worker.js')).mtimeMs;
  if (!existsSync(path) || statSync(path).mtimeMs < built) {
    mkdirSync(FOLDER, { recursive: true });
    const args = [join(ROOT, 'dist', 'cli.js'), 'run', join(ROOT, 'examples', `${example}.bias.json`), '--json', path];
    await runGroup(process.execPath, args, { deadline: DEADLINE, stdio: 'ignore' });
  }
  const [report] = savedReports(JSON.parse(readFileSync(path, 'utf8')));
  return report;
}

/** @param wanted only names that hold this text */
export async function pageStates(wanted: string): Promise<readonly PageState[]> {
  const made = Object.entries(allStates()).map(([name, state]) => ({ name, ...state }));
  const states: PageState[] = [...made, ...furtherStates()].filter(({ name }) => name.includes(wanted));
  for (const example of EXAMPLES.filter((name) => name.includes(wanted))) {
    const report = await reportOf(example);
    states.push({ name: example, run: view(stateOf(report), report, { file: `examples/${example}.bias.json` }), compared: [] });
  }
  return states;
}
