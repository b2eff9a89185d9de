/** From a place of a sweep's picture to a run of its own, and to a finer sweep. */
import * as vscode from 'vscode';
import type { Experiment } from '../experiment/schema';
import { MOST_CELL_CURVES } from '../protocol/panel';
import type { Figure } from '../protocol/report';
import { hashOf, sourceOf } from './experiment-file';
import type { ComputeService } from './compute-service';
import type { HistoryStore } from './history-store';
import { openUnsaved } from './new-experiment';
import { isSaved } from './places';

/** The kept run of a point, or the point as an unsaved file that can be run. Null where the sweep has no such point. */
export async function openPoint(
  sweep: Experiment,
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

/** Whether a finer sweep has more to look at. */
export async function isRefinable(sweep: Experiment): Promise<boolean> {
  return (await (await import('./theory')).loadPoints()).isRefinable(sweep);
}

/** The finer sweep as an unsaved file; null where the sweep has no such point. */
export async function openRefined(sweep: Experiment, point: number, file: vscode.Uri | undefined): Promise<vscode.TextDocument | null> {
  const { refinedSweep } = await (await import('./theory')).loadPoints();
  const text = refinedSweep(asUnsaved(sweep, file), point);
  return text === null ? null : openUnsaved(`${baseOf(file)}-refined`, text);
}

/** The curves of a measure over the runs that begin with a point, run for this; null where none of them has it, and why. */
export async function cellCurves(
  sweep: Experiment,
  { point, count, measure }: { readonly point: number; readonly count: number; readonly measure: string },
  file: vscode.Uri | undefined,
  { compute, signal }: { readonly compute: ComputeService; readonly signal: AbortSignal },
): Promise<{ readonly figure: Figure | null; readonly says: string }> {
  const { pointFile, repeatsFigure } = await (await import('./theory')).loadPoints();
  if (file === undefined || !isSaved(file)) return { figure: null, says: 'The file of the sweep is not at hand.' };
  const runs = await Promise.all(
    Array.from({ length: Math.min(count, MOST_CELL_CURVES) }, async (_, k) => {
      const text = pointFile(sweep, point + k);
      if (text === null) return null;
      const source = sourceOf({ uri: file, getText: () => text });
      const answer = await compute.run(source, { signal, onEvent: () => undefined }).catch(() => null);
      return answer?.type === 'report' ? { name: `seed ${sweep.seed + ((point + k) % count)}`, report: answer.report } : null;
    }),
  );
  const known = runs.filter((run) => run !== null);
  const figure = repeatsFigure(known, measure);
  const cut = count > MOST_CELL_CURVES ? `The first ${MOST_CELL_CURVES} of ${count} runs are drawn.` : '';
  return figure === null ? { figure, says: 'None of these runs has a curve of this measure.' } : { figure, says: cut };
}

/** A csv path is relative to its file, and of an unsaved one to the folder of the workspace. */
function asUnsaved(experiment: Experiment, file: vscode.Uri | undefined): Experiment {
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
