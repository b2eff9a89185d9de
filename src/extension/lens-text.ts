/** Which lenses stand over an experiment, in words. Nothing here knows the editor. */
import type { Analysis } from '../protocol/compute';
import type { ResultStatus } from '../protocol/report';
import { COMMANDS, type CommandName } from './contributions';
import type { FileOutline, GoodOutline } from './file-outline';
import type { RunKind, RunSummary } from './run-record';
import type { OutlinedResult } from '../theory/catalogue';
import { shortCitation } from '../theory/wording';
import { conditionsText, outcomeIcon, outcomeText } from './wording';

export interface LensText {
  /** 0-based. */
  readonly line: number;
  readonly title: string;
  readonly tooltip: string;
  readonly command: CommandName;
}

/** What is known of the runs of a file. */
export type RunNote =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly kind: RunKind; readonly waiting: boolean }
  | { readonly state: 'finished'; readonly run: RunSummary; readonly stale: boolean };

export interface LensSituation {
  readonly outline: FileOutline;
  /** Of a text of which the theory says the same as of this one; null while the worker has not answered. */
  readonly analysis: Analysis | null;
  readonly run: RunNote;
}

/** The lenses in the order in which they stand. Their number depends on the outline and on whether there was a run, never on the analysis. */
export function lensTexts({ outline, analysis, run }: LensSituation): readonly LensText[] {
  const lenses: LensText[] = [...runLenses(run), { line: 0, ...predictionLens(outline, analysis, run.state !== 'none') }];
  const { good, keys } = outline;
  if (good === null) return lenses;
  // Notes may be longer than half a window: the hovers have them in full.
  const first = chosenResult(good, analysis);
  if (keys.model !== undefined) {
    const title = join([first?.modelNote, analysis?.modelNote]) ?? `model: ${good.modelKind}`;
    lenses.push({
      line: keys.model,
      title,
      tooltip: `${title}\nWhat applies to this model. Click for the prediction.`,
      command: 'showPrediction',
    });
  }
  if (keys.optimizer !== undefined) {
    const title = join([first?.optimizerNote, analysis?.optimizerNote]) ?? optimizerName(good.optimizerKind);
    lenses.push({
      line: keys.optimizer,
      title,
      tooltip: `${title}\nWhat applies to this optimizer. Click for the prediction.`,
      command: 'showPrediction',
    });
  }
  if (keys.sweep !== undefined && good.sweepRuns !== null && run.state !== 'running') {
    lenses.push({
      line: keys.sweep,
      title: `${COMMANDS.runSweep.icon} Run sweep (${good.sweepRuns} ${good.sweepRuns === 1 ? 'run' : 'runs'})`,
      tooltip: 'Run every point of the sweep that has no result yet',
      command: 'runSweep',
    });
  }
  return lenses;
}

/** Where nothing else is known; of the flow, what sets it apart, in as few words as half a window has room for. */
function optimizerName(kind: string): string {
  return kind === 'gradient-flow' ? 'gradient flow: the limit of small steps' : `optimizer: ${kind}`;
}

/** The result whose notes stand at the model and the optimizer: the one that is predicted, as far as that is known. */
function chosenResult({ results }: GoodOutline, analysis: Analysis | null): OutlinedResult | undefined {
  const predicted = analysis?.predictions.at(0);
  if (predicted) return predicted.applies ? results.find(({ result }) => result.id === predicted.result) : undefined;
  return results.find(({ mayApply }) => mayApply);
}

function runLenses(run: RunNote): readonly LensText[] {
  const start: LensText = {
    line: 0,
    title: `${COMMANDS.run.icon} Run`,
    tooltip: 'Train, solve the predicted problem, compare',
    command: 'run',
  };
  switch (run.state) {
    case 'none':
      return [start];
    case 'running':
      return [
        // No progress here: every change of a lens takes the old ones away, and with them the one that is being clicked.
        {
          line: 0,
          title: run.waiting ? '$(watch) waiting' : '$(sync~spin) running',
          tooltip: run.waiting ? 'Begins when another run has ended. Open the results' : 'Open the results',
          command: 'openResults',
        },
        run.kind === 'sweep'
          ? {
              line: 0,
              title: '$(debug-pause) Pause',
              tooltip: 'Stop this sweep: what is done stays, the next start goes on',
              command: 'cancel',
            }
          : { line: 0, title: `${COMMANDS.cancel.icon} Cancel`, tooltip: 'Stop this run', command: 'cancel' },
      ];
    case 'finished': {
      // Half a window has room for about fifty characters: the measure's name is in the sentence of the hover.
      const text = `$(${outcomeIcon(run.run)}) ${outcomeText(run.run, true)}`;
      return [
        start,
        {
          line: 0,
          title: run.stale ? `${text} (changed since)` : text,
          tooltip: run.run.verdict?.says ?? run.run.ended ?? 'Open the results',
          command: 'openResults',
        },
      ];
    }
    default:
      return run satisfies never;
  }
}

/** @param brief beside a verdict, or a run with its Cancel, there is room for the symbol only; whose result it is stands in the hover */
function predictionLens(outline: FileOutline, analysis: Analysis | null, brief: boolean): Omit<LensText, 'line'> {
  const tooltip = 'Show statement, conditions and citation';
  const cited = (words: string, source: string): Omit<LensText, 'line'> => ({
    title: brief ? shortest(words) : `${words} · ${source}`,
    tooltip: brief ? `${source}: ${words}\n${tooltip}` : tooltip,
    command: 'showPrediction',
  });
  const errors = analysis?.diagnostics.filter(({ severity }) => severity === 'error').length ?? 0;
  if (analysis !== null && errors > 0 && (outline.current || outline.good === null)) {
    return {
      title: `$(error) ${errors} ${errors === 1 ? 'error' : 'errors'}: nothing is predicted`,
      tooltip: 'Show the first error',
      command: 'check',
    };
  }
  const predicted = analysis?.predictions.at(0);
  if (predicted) {
    const open = predicted.applies ? null : conditionsText(predicted);
    const words = predicted.applies ? says(predicted.status, predicted.symbol) : `no prediction${open === null ? '' : `: ${open}`}`;
    return cited(words, shortCitation(predicted.citation));
  }
  const outlined = outline.good?.results.at(0);
  if (outlined) {
    const { symbol, result, citedAs, mayApply } = outlined;
    const words = mayApply ? says(result.status, symbol) : `no prediction: ${conditionsText(outlined) ?? 'a condition does not hold'}`;
    return cited(words, citedAs);
  }
  if (outline.tooLarge) return { title: 'large file: checked in the background', tooltip, command: 'showPrediction' };
  if (outline.good === null)
    return { title: 'no prediction until the file is complete', tooltip: 'Show the first error', command: 'check' };
  return { title: 'no published result in the catalogue speaks of this', tooltip, command: 'showPrediction' };
}

/** What is minimised or maximised, without its constraints. */
function shortest(words: string): string {
  return words.replace(/^predicts /, '').split(' s.t. ', 1)[0];
}

function says(status: ResultStatus, symbol: string): string {
  switch (status) {
    case 'theorem':
      return `predicts ${symbol}`;
    case 'conjecture':
    case 'empirical':
      return `predicts ${symbol} (${status})`;
    case 'refuted':
      return `once conjectured, refuted: ${symbol}`;
    case 'negative':
      return `theory: ${symbol}`;
    default:
      return status satisfies never;
  }
}

function join(parts: readonly (string | null | undefined)[]): string | null {
  const said = [...new Set(parts.filter((part): part is string => typeof part === 'string' && part !== ''))];
  return said.length === 0 ? null : said.join(' · ');
}
