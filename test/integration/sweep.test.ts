import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { ExtensionApi } from '../../src/extension/test-api';
import { Answers, PATIENCE, eventually, extensionApi, lensTitles, openExperiment, readFile, cleanUp } from './editor';
import { SPARSE } from './experiments';

const swept = (sweep: object, changes: object = {}): string =>
  JSON.stringify({ ...(JSON.parse(SPARSE) as object), ...changes, compare: ['l1', 'l2'], sweep }, null, 2);

/** How often points were begun, by the journal beside the file. */
async function begun({ uri }: vscode.TextDocument): Promise<readonly number[]> {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/\.bias\.json$/, '');
  const journal = await readFile(vscode.Uri.joinPath(uri, '..', '.bias-lab', name, 'journal.jsonl'));
  const lines = new TextDecoder().decode(journal).trim().split('\n');
  return lines.flatMap((line) => {
    const { event, index } = JSON.parse(line) as { event: string; index: number };
    return event === 'run' ? [index] : [];
  });
}

describe('running a sweep', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => cleanUp(api));

  it('is offered above the sweep, runs every point and ends with figures in the page', async () => {
    const axes = [
      { path: '/init/scale', log: [0.01, 1, 3] },
      { path: '/model/depth', values: [2, 3] },
    ];
    const document = await openExperiment(swept({ axes }));
    assert.ok((await lensTitles(document)).includes('$(run-all) Run sweep (6 runs)'));
    const id = await vscode.commands.executeCommand<string>(COMMANDS.runSweep.id, document.uri);
    const shown = await eventually('the page has the sweep', () => {
      const { run } = api.lastPosted('snapshot') ?? {};
      return run?.id === id && run.state === 'done' && run;
    });
    assert.equal(shown.title, 'Sweep: Sparse regression');
    assert.equal(shown.report?.verdict.says, 'All 6 runs agree with their prediction.');
    assert.deepEqual(
      shown.report?.figures.map((figure) => figure.kind === 'heat-map' && [figure.rows, figure.columns]),
      [
        [3, 2],
        [3, 2],
      ],
    );
    assert.equal(api.history.summary(id)?.kind, 'sweep');
    assert.match(api.status.text, /agrees/);

    await vscode.commands.executeCommand(COMMANDS.runSweep.id, document.uri);
    assert.deepEqual([...(await begun(document))].sort(), [0, 1, 2, 3, 4, 5]);
  });

  it('shows how many runs are done, is cancelled from the status bar and goes on where it was', async () => {
    // A quarter of a second each: a descent that cannot reach its end.
    const slow = { optimizer: { kind: 'gradient-descent', stepSize: 1e-9 }, stop: { seconds: 0.25, steps: 1e12 } };
    const document = await openExperiment(swept({ axes: [{ path: '/init/scale', linear: [0.1, 3.2, 32] }] }, slow));
    const ended = vscode.commands.executeCommand<string>(COMMANDS.runSweep.id, document.uri);
    await eventually('some runs are done', () => /[2-9] of 32 runs/.test(api.status.text));
    assert.ok((await lensTitles(document)).includes('$(sync~spin) running'));
    assert.ok((await lensTitles(document)).includes('$(debug-pause) Pause'), 'as on the page');
    await vscode.commands.executeCommand(COMMANDS.cancel.id, document.uri);
    const id = await ended;
    assert.equal(api.history.summary(id)?.state, 'cancelled');
    // The partial picture stays, in the history too, and says how far it is.
    const paused = (await api.history.load(id))?.report;
    const [, done] = /Paused with (\d+) of 32 runs done\.$/.exec(paused?.ended ?? '') ?? [];
    assert.match(paused?.figures[0].says ?? '', /\d+ of 32 runs so far\.$/);
    assert.match(paused?.figures[0].behind?.states ?? '', /^[^r]*w$/);
    const before = (await begun(document)).length;
    assert.ok(before < 32, `${before}`);

    await vscode.commands.executeCommand(COMMANDS.runSweep.id, document.uri);
    // What was begun and not done when it was cancelled is begun again, and nothing else is.
    const indices = await begun(document);
    assert.equal(new Set(indices).size, 32);
    assert.equal(indices.length, before + 32 - Number(done), `${before} begun and ${done} done before`);
  });

  it('fills the page while it goes on, has a place run again meanwhile, and shows the state to a page that is opened later', async function () {
    this.timeout(60_000);
    const slow = { optimizer: { kind: 'gradient-descent', stepSize: 1e-9 }, stop: { seconds: 0.2, steps: 1e12 } };
    const document = await openExperiment(swept({ axes: [{ path: '/init/scale', linear: [0.1, 2.4, 24] }] }, slow));
    const first = vscode.commands.executeCommand<string>(COMMANDS.runSweep.id, document.uri);
    const partial = await eventually('a picture with runs that are over, run and wait', () => {
      const figure = api.lastPosted('figures')?.figures.at(0);
      return figure?.behind?.states.length === 24 && /[^wr].*r.*w/.test(figure.behind.states) && figure;
    });
    assert.match(partial.says, /of 24 runs so far/);
    await api.panel.show(api.panel.runId);
    assert.match(api.lastPosted('snapshot')?.run?.figures[0].behind?.states ?? '', /^[^w].*w$/);

    const done = await begun(document);
    api.panel.ask({ type: 'rerun', point: done[0], count: 1 });
    const paused = await first;
    // Two dozen runs, one after the other where there is one worker.
    await eventually(
      'the sweep is over',
      () => {
        const { run } = api.lastPosted('snapshot') ?? {};
        return run?.kind === 'sweep' && run.state === 'done' && run.id !== paused;
      },
      2 * PATIENCE,
    );
    const indices = await begun(document);
    // The first one, once more; what was under way when the sweep went over into the new one may have been begun twice too.
    assert.ok(indices.filter((index) => index === done[0]).length >= 2, indices.join());
    assert.equal(new Set(indices).size, 24);
  });

  it('has a place run again, and opened, on axes of kinds, texts and truths, where no finer sweep can be', async () => {
    const answers = new Answers();
    api.answerPrompts(answers);
    const axes = [
      { path: '/optimizer', values: [{ kind: 'gradient-flow' }, { kind: 'gradient-descent', stepSize: 0.01 }] },
      { path: '/loss', values: ['square', { kind: 'square', reduction: 'sum' }] },
      { path: '/model/tied', values: [false, true] },
    ];
    const document = await openExperiment(swept({ axes }, { stop: { steps: 50 } }));
    const id = await vscode.commands.executeCommand<string>(COMMANDS.runSweep.id, document.uri);
    await eventually('the page has the sweep', () => api.lastPosted('snapshot')?.run?.id === id && api.lastPosted('snapshot')?.run?.state);
    assert.deepEqual([...(await begun(document))].sort(), [0, 1, 2, 3, 4, 5, 6, 7], answers.said.join());
    api.panel.ask({ type: 'rerun', point: 5, count: 1 });
    const again = await eventually('it is over again', () => {
      const { run } = api.lastPosted('snapshot') ?? {};
      return run?.kind === 'sweep' && run.state === 'done' && run.id !== id && run;
    });
    assert.deepEqual((await begun(document)).slice(8), [5]);
    assert.ok((again.report?.figures.length ?? 0) > 0);
    api.panel.ask({ type: 'refine', point: 5 });
    await eventually('it says why not', () => answers.said.find((text) => /No axis of this sweep has numbers/.test(text)));
    api.panel.ask({ type: 'open-point', point: 5 });
    const single = await eventually('its run is shown', () => {
      const { run } = api.lastPosted('snapshot') ?? {};
      return run?.kind === 'run' && run.state !== 'running' && run;
    });
    const { optimizer, loss, model } = single.report?.experiment as Record<string, Record<string, unknown>>;
    assert.deepEqual([optimizer['kind'], loss['reduction'], model['tied']], ['gradient-descent', 'mean', true]);
  });

  it('draws the curves of the seeds of a place over each other', async () => {
    const document = await openExperiment(swept({ axes: [{ path: '/init/scale', values: [0.1, 1] }], repeat: 3 }));
    const id = await vscode.commands.executeCommand<string>(COMMANDS.runSweep.id, document.uri);
    await eventually('the page has the sweep', () => {
      const { run } = api.lastPosted('snapshot') ?? {};
      return run?.id === id && run.state === 'done';
    });
    api.panel.ask({ type: 'open-cell', point: 3, count: 3, measure: 'loss' });
    const { figure } = await eventually('the curves are there', () => api.lastPosted('cell'));
    assert.ok(figure?.kind === 'chart');
    assert.deepEqual(
      figure.series.map(({ name }) => name),
      ['median', 'lower quartile', 'upper quartile', 'seed 0', 'seed 1', 'seed 2'],
    );
  });

  it('says what is missing', async () => {
    const answers = new Answers();
    api.answerPrompts(answers);
    const document = await openExperiment(SPARSE);
    await vscode.commands.executeCommand(COMMANDS.runSweep.id, document.uri);
    assert.match(answers.said.join(), /has no "sweep"/);
    const wrong = await openExperiment(swept({ axes: [{ path: '/init/scal', values: [1] }] }));
    await vscode.commands.executeCommand(COMMANDS.runSweep.id, wrong.uri);
    assert.match(answers.said.join(), /was not run: it has errors/);
  });
});
