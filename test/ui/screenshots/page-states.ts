/** States of the results page for the grid: those of the page's tests, and real reports of examples, one for every kind of figure. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ComparedRun, RunView } from '../../../src/protocol/panel';
import type { Report } from '../../../src/protocol/report';
import { savedReports, stateOf } from '../../../src/study/saved-report';
import { runGroup } from '../../lanes/group';
import { OUT, ROOT } from '../../lanes/repository';
import { allStates, view } from '../page/fixtures';

export interface PageState {
  readonly name: string;
  readonly run: RunView | null;
  readonly compared: readonly ComparedRun[];
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
  const states: PageState[] = made.filter(({ name }) => name.includes(wanted));
  for (const example of EXAMPLES.filter((name) => name.includes(wanted))) {
    const report = await reportOf(example);
    states.push({ name: example, run: view(stateOf(report), report, { file: `examples/${example}.bias.json` }), compared: [] });
  }
  return states;
}
