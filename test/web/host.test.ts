/** What is particular to an editor in a browser. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { ExtensionApi } from '../../src/extension/test-api';
import type { Report } from '../../src/protocol/report';
import {
  codeOf,
  diagnosticsOf,
  eventually,
  extensionApi,
  lensTitles,
  openExperiment,
  readFile,
  workspaceFile,
  cleanUp,
} from '../integration/editor';
import { REGRESSION } from '../integration/experiments';
import { cancelsARun } from './cancelling';
import { BY_NODE, COMPARED } from './compared';

async function textOf(name: string): Promise<string> {
  return new TextDecoder().decode(await readFile(workspaceFile(name)));
}

/** With data from a file. */
function reading(path: string): string {
  return JSON.stringify({ ...(JSON.parse(REGRESSION) as object), data: { kind: 'csv', path, target: 'y' } });
}

describe('an editor without Node', () => {
  let api: ExtensionApi;
  before(async () => {
    api = await extensionApi();
  });
  afterEach(async () => cleanUp(api));

  it('is what these suites run in: a web worker, and a folder that no disk holds', () => {
    assert.equal(typeof (globalThis as { importScripts?: unknown }).importScripts, 'function');
    assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
    assert.equal(vscode.env.remoteName, undefined);
    assert.equal(vscode.workspace.workspaceFolders?.[0].uri.scheme, 'web-lab');
    // Extensions are fetched from a server, and this one is.
    const extension = vscode.extensions.getExtension('implicit-bias-lab.implicit-bias-lab');
    assert.match(extension?.extensionUri.scheme ?? '', /^https?$/);
    assert.equal(extension?.isActive, true);
  });

  for (const name of COMPARED) {
    it(`shows the prediction over ${name}, runs it and finds what Node finds`, async () => {
      const expected = (JSON.parse(await textOf(BY_NODE)) as Readonly<Record<string, Report>>)[name];
      const uri = workspaceFile(`${name}.bias.json`);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      await api.whenAnalysed(uri);
      const [start, said] = await lensTitles(document);
      assert.equal(start, '$(play) Run');
      assert.notEqual(said, '');
      const id = await vscode.commands.executeCommand<string>(COMMANDS.run.id, uri);
      const report = (await api.history.load(id))?.report;
      assert.ok(report, String(api.history.summary(id)?.ended));
      assert.equal(report.verdict.outcome, expected.verdict.outcome);
      assert.equal(report.asExpected, true);
      assert.deepEqual([report.fingerprint, report.data], [expected.fingerprint, expected.data]);
      for (const [index, { id: reference, objective }] of report.references.entries()) {
        const same = expected.references[index];
        assert.equal(reference, same.id);
        // Not to the last bit: engines may round e^x in another way, and take other kernels (docs/numerics.md).
        assert.ok(Math.abs(objective - same.objective) <= 1e-9 * Math.abs(same.objective), `${objective}, ${same.objective}`);
      }
    });
  }

  it('says where an expectation is missed', async () => {
    const document = await openExperiment(REGRESSION.replace(/\n\}\n$/, ',\n  "expect": { "verdict": "disagrees" }\n}\n'));
    const id = await vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
    assert.equal((await api.history.load(id))?.report?.asExpected, false);
  });

  it('refuses data outside of the folder, behind a link, and what is not there', async () => {
    const found: Readonly<Record<string, string>> = {
      '../secret.csv': 'data.path.outside',
      'data/../../secret.csv': 'data.path.outside',
      '/lab/data/iris.csv': 'meaning.csv-path',
      'data/none.csv': 'data.path.missing',
      'linked/iris.csv': 'data.path.unreadable',
      data: 'data.path.unreadable',
    };
    for (const [path, code] of Object.entries(found)) {
      const document = await openExperiment(reading(path));
      const { diagnostics } = await api.whenAnalysed(document.uri);
      assert.deepEqual(
        diagnostics.map((diagnostic) => diagnostic.code),
        [code],
        path,
      );
      await eventually('it is shown', () => diagnosticsOf(document).some((diagnostic) => codeOf(diagnostic) === code));
    }
  });

  it('reads the data anew when it has changed', async () => {
    const data = workspaceFile('data/changing.csv');
    const write = (text: string): Thenable<void> => vscode.workspace.fs.writeFile(data, new TextEncoder().encode(text));
    await write('a,b,y\n1,0,1\n0,1,2\n');
    const document = await openExperiment(reading('data/changing.csv'));
    assert.match((await api.whenAnalysed(document.uri)).dataNote ?? '', /^2 samples/);
    await write('a,b,y\n1,0,1\n0,1,2\n1,1,3\n');
    await vscode.commands.executeCommand(COMMANDS.check.id, document.uri);
    assert.match((await api.whenAnalysed(document.uri)).dataNote ?? '', /^3 samples/);
  });

  it('cancels a run by a message, keeps its report and curves, and takes another one', async () => cancelsARun(api));

  it('keeps runs in the storage of the workspace, which the browser holds', async () => {
    const document = await openExperiment(REGRESSION);
    const id = await vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
    const record = await api.history.load(id);
    assert.equal(record?.uri, document.uri.toString());
    assert.equal(record?.report?.verdict.outcome, 'agrees');
  });
});
