/** Cancelling a run, which goes by another way where workers share memory with the host; what comes of it is the same. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../src/extension/contributions';
import type { ExtensionApi } from '../../src/extension/test-api';
import { eventually, openExperiment } from '../integration/editor';
import { ENDLESS, REGRESSION } from '../integration/experiments';

/** Cancels a run that has curves: it answers with its report, they are kept, and the next run comes to its verdict. */
export async function cancelsARun(api: ExtensionApi): Promise<void> {
  const document = await openExperiment(ENDLESS);
  const ended = vscode.commands.executeCommand<string>(COMMANDS.run.id, document.uri);
  const running = await eventually('a run', () => api.runs.runningOf(document.uri));
  await eventually('curves', () => running.view(false).live.rows > 0);
  await vscode.commands.executeCommand(COMMANDS.cancel.id, document.uri);
  const id = await ended;
  assert.equal(api.history.summary(id)?.state, 'cancelled');
  assert.equal(running.record()?.report?.outcome, 'cancelled');
  assert.ok(running.view(false).live.rows > 0);
  const next = await openExperiment(REGRESSION);
  const other = await vscode.commands.executeCommand<string>(COMMANDS.run.id, next.uri);
  assert.equal(api.history.summary(other)?.verdict?.outcome, 'agrees');
}
