/** Reports on the disk in the panel, points of a sweep as runs of their own, settings of a run back in the file. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { encodeReport } from '../../src/protocol/report-json';
import type { Report } from '../../src/protocol/report';
import type { ExtensionApi } from '../../src/extension/test-api';
import { Answers, closeEditors, eventually, extensionApi, openExperiment, replace } from './editor';

const TEXT = JSON.stringify({
  title: 'swept',
  data: {
    kind: 'inline',
    x: [
      [1, 0.5],
      [0.5, 2],
    ],
    y: [1, 1],
  },
  model: { kind: 'linear' },
  loss: 'square',
  optimizer: { kind: 'gradient-descent', stepSize: 0.1 },
  sweep: { axes: [{ path: '/optimizer/stepSize', values: [0.05, 0.1] }] },
});

describe('reports and points', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => {
    api.answerPrompts(null);
    await closeEditors();
    await api.history.clear();
  });

  const run = async (document: vscode.TextDocument, command = 'biasLab.run'): Promise<string> => {
    const id = await vscode.commands.executeCommand<string>(command, document.uri);
    assert.ok(typeof id === 'string');
    return id;
  };
  const shown = (): Promise<{ readonly id: string; readonly title: string; readonly report: Report | null }> =>
    eventually('a shown run', () => api.lastPosted('snapshot')?.run);

  it('a report file is shown, and what is none is refused with a reason', async () => {
    const document = await openExperiment(TEXT);
    const id = await run(document);
    const record = await api.history.load(id);
    assert.ok(record?.report);
    const file = document.uri.with({ path: document.uri.path.replace('.bias.json', '.report.json') });
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(encodeReport({ ...record.report, title: 'from the disk' })));
    await vscode.commands.executeCommand('biasLab.openReport', file);
    await eventually('the report', async () => (await shown()).title === 'from the disk');
    assert.equal(api.panel.runId, `report:${file.with({ fragment: '0' }).toString()}`);

    const answers = new Answers();
    api.answerPrompts(answers);
    await vscode.commands.executeCommand('biasLab.openReport', document.uri);
    assert.match(answers.said.join('\n'), /holds no report/);
  });

  it('a point of a sweep becomes a run of its own', async () => {
    const document = await openExperiment(TEXT);
    const id = await run(document, 'biasLab.runSweep');
    const sweep = await api.history.load(id);
    assert.deepEqual(sweep?.report?.figures[0].runs, [0, 1]);
    await api.panel.show(id);
    api.panel.ask({ type: 'open-point', point: 0 });
    const point = await eventually('the run of the point', () =>
      api.history.summaries().find(({ title }) => title === 'swept: stepSize 0.05'),
    );
    assert.equal(point.state, 'done');
    // Kept: it is opened, not run again.
    const before = api.history.summaries().length;
    await api.panel.show(id);
    api.panel.ask({ type: 'open-point', point: 0 });
    await eventually('the kept run', () => api.panel.runId === point.id);
    assert.equal(api.history.summaries().length, before);
    await api.panel.show(id);
    api.panel.ask({ type: 'refine', point: 0 });
    await eventually('the finer sweep', () => /"title": "swept, refined"/.test(vscode.window.activeTextEditor?.document.getText() ?? ''));
  });

  it("a run's settings come back into the file by one edit that Undo takes back", async () => {
    const document = await openExperiment(TEXT);
    const id = await run(document);
    await replace(document, '"stepSize":0.1', '"stepSize":0.02');
    const changed = document.getText();
    await api.panel.show(id);
    api.panel.ask({ type: 'apply-settings', id });
    await eventually('the settings', () => /"stepSize":\s*0\.1/.test(document.getText()));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), changed);
  });
});
