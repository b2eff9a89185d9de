import * as vscode from 'vscode';
import { COMMANDS } from './contributions';
import type { Prompts } from './prompts';

const SHOW_LOG = 'Show Log';

/** Unexpected exceptions: the log gets the stack, the user one sentence. Wrong files and failed runs are not bugs. */
export class BugReporter {
  constructor(
    readonly log: vscode.LogOutputChannel,
    private readonly prompts: Prompts,
  ) {}

  report(what: string, error: unknown): void {
    this.log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)}`);
    void this.prompts.inform('error', `${what}. The log has the details.`, SHOW_LOG).then((answer) => {
      if (answer === SHOW_LOG) void vscode.commands.executeCommand(COMMANDS.showLog.id);
    });
  }

  /** Runs something nobody waits for; what it throws is reported. */
  guard(what: string, task: () => Promise<unknown>): void {
    task().catch((error: unknown) => this.report(what, error));
  }
}
