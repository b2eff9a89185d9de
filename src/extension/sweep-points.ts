/** From a place of a sweep's picture to a run of its own, and to a finer sweep. */
import * as vscode from 'vscode';
import type { Experiment } from '../experiment/schema';
import { hashOf } from './experiment-file';
import type { HistoryStore } from './history-store';
import { openUnsaved } from './new-experiment';
import { isSaved } from './places';
import type { ComparedRun } from '../protocol/panel';

/** The kept run of a point, or the point as an unsaved file that can be run. Null where the sweep has no such point. */
export async function openPoint(
  sweep: ComparedRun,
  point: number,
  file: vscode.Uri | undefined,
  history: HistoryStore,
): Promise<{ readonly kept: string } | { readonly document: vscode.TextDocument } | null> {
  const { pointFile } = await (await import('./theory')).loadPoints();
  const text = pointFile(asUnsaved(sweep, file), point);
  if (text === null) return null;
  const hash = hashOf(text);
  const kept = history.summaries().find((run) => run.kind === 'run' && run.textHash === hash);
  return kept ? { kept: kept.id } : { document: await openUnsaved(`${baseOf(file)}-point-${point}`, text) };
}

/** The finer sweep as an unsaved file; null where the sweep has no such point. */
export async function openRefined(sweep: ComparedRun, point: number, file: vscode.Uri | undefined): Promise<vscode.TextDocument | null> {
  const { refinedSweep } = await (await import('./theory')).loadPoints();
  const text = refinedSweep(asUnsaved(sweep, file), point);
  return text === null ? null : openUnsaved(`${baseOf(file)}-refined`, text);
}

/** A csv path is relative to its file, and of an unsaved one to the folder of the workspace. */
function asUnsaved({ report }: ComparedRun, file: vscode.Uri | undefined): Experiment {
  const experiment = report.experiment as Experiment;
  const folder = file && vscode.workspace.getWorkspaceFolder(file);
  const { data } = experiment;
  if (data.kind !== 'csv' || file === undefined || folder === undefined || !isSaved(file)) return experiment;
  const path = pathFrom(folder.uri.path, vscode.Uri.joinPath(file, '..', data.path).path);
  return { ...experiment, data: { ...data, path } };
}

/** The way from a folder to a file, both absolute. */
function pathFrom(folder: string, file: string): string {
  const [from, to] = [folder, file].map((path) => path.split('/').filter((name) => name !== ''));
  const different = to.findIndex((name, index) => name !== from[index]);
  const common = different < 0 ? to.length : different;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}

function baseOf(file: vscode.Uri | undefined): string {
  const name = file?.path.slice(file.path.lastIndexOf('/') + 1).replace(/(\.bias|\.report)?\.json$/u, '') ?? '';
  return name === '' ? 'sweep' : name;
}
