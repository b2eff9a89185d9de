import * as vscode from 'vscode';
import { defaultSize } from '../worker/pool';
import { SETTINGS } from './contributions';

/** A whole number of the user's settings, brought into its range: settings files are edited by hand. */
export function numberSetting(name: 'historyLimit' | 'workers' | 'memoryLimit' | 'sweepTasks' | 'sweepRunsPerTask'): number {
  const { key, default: fallback, minimum, maximum } = SETTINGS[name];
  const value = vscode.workspace.getConfiguration().get<unknown>(key);
  if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
  return Math.min(maximum, Math.max(minimum, Math.round(value)));
}

/** How many experiments the pool runs at the same time. */
export function runsAtATime(): number {
  return numberSetting('workers') || defaultSize();
}

/** Who carries out the runs of a sweep; 0 leaves a number to the engine. */
export function sweepSettings(): { readonly engine: unknown; readonly tasks: number; readonly runsPerTask: number } {
  const engine = vscode.workspace.getConfiguration().get<unknown>(SETTINGS.sweepEngine.key);
  return { engine, tasks: numberSetting('sweepTasks'), runsPerTask: numberSetting('sweepRunsPerTask') };
}

export function codeLensEnabled(): boolean {
  return vscode.workspace.getConfiguration().get<unknown>(SETTINGS.codeLens.key) !== false;
}

/** Calls back when one of the settings changes. */
export function onSettingChange(names: readonly (keyof typeof SETTINGS)[], callback: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (names.some((name) => event.affectsConfiguration(SETTINGS[name].key))) callback();
  });
}
