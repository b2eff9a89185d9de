/** What the commands of the gallery do. */
import * as vscode from 'vscode';
import { shortCitation } from '../theory/wording';
import { bibtexOf } from './bibtex';
import type { BugReporter } from './bug-reporter';
import type { ComputeService } from './compute-service';
import { CONTEXT_KEYS } from './contributions';
import type { Example, GalleryEntry } from './gallery';
import type { GalleryFiles } from './gallery-files';
import { runGallery, scoreText, type Scoreboard } from './gallery-run';
import { isGalleryItem, STATUS_ICONS, type GalleryView } from './gallery-view';
import { placeOf } from './places';
import type { Prompts } from './prompts';
import type { VerdictBook } from './verdict-book';

export interface GalleryParts {
  readonly files: GalleryFiles;
  readonly view: GalleryView;
  readonly verdicts: VerdictBook;
  readonly compute: ComputeService;
  readonly prompts: Prompts;
  readonly bugs: BugReporter;
}

export class GalleryCommands {
  private running: AbortController | null = null;

  constructor(private readonly parts: GalleryParts) {}

  /** Finds a published result by its title, statement, authors or row, and opens the example that shows it. */
  async findResult(): Promise<void> {
    const entry = await this.pickResult('Find Result');
    if (entry) await this.openExampleOf(entry);
  }

  async copyCitation(argument: unknown): Promise<void> {
    const entry = (await this.resultOf(argument)) ?? (await this.pickResult('Copy Citation as BibTeX'));
    if (entry === undefined) return;
    await vscode.env.clipboard.writeText(bibtexOf(entry.result.citation));
    void vscode.window.setStatusBarMessage(`Copied: ${shortCitation(entry.result.citation)}`, 3000);
  }

  async openExample(argument: unknown): Promise<void> {
    if (isGalleryItem(argument) && argument.type === 'gallery-example') return this.open(argument.example);
    if (isGalleryItem(argument) && argument.type === 'gallery-result') return this.openExampleOf(argument.entry);
    const entries = (await this.parts.files.groups()).flatMap((group) => group.entries);
    const examples = new Map(entries.flatMap((entry) => entry.examples).map((example) => [example.name, example]));
    const choices = [...examples.values()].map((example) => ({ label: example.title, description: example.name, value: example }));
    const example = await this.parts.prompts.pickOne(choices, { title: 'Open Example', placeholder: 'It is copied into the workspace' });
    if (example) await this.open(example);
  }

  /**
   * Runs one example a result, of a group of the tree or of all; the numbers are told above the tree and in a notification. Both, and a
   * command, can cancel it.
   */
  async runAll(argument: unknown): Promise<Scoreboard | undefined> {
    const { files, view, verdicts, compute, prompts } = this.parts;
    if (this.running) {
      void prompts.inform('information', 'The examples are running already.');
      return undefined;
    }
    const running = new AbortController();
    this.become(running);
    try {
      const group = isGalleryItem(argument) && argument.type === 'gallery-group' ? argument.group : null;
      const groups = group === null ? await files.groups() : [group];
      const title = group === null ? 'Running the examples' : `Running the examples of “${group.title}”`;
      const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
      const score = await vscode.window.withProgress(options, (progress, token) => {
        token.onCancellationRequested(() => running.abort());
        let told = 0;
        return runGallery(groups, {
          compute,
          signal: running.signal,
          folder: placeOf(files.folder),
          pathOf: ({ examples }) => placeOf(files.uriOf(examples[0])),
          onScore: (now) => {
            const message = scoreText(now);
            view.tell(message, now.running, now.problems);
            progress.report({ message, increment: (100 * (now.done - told)) / now.total });
            told = now.done;
          },
          onVerdict: (result, verdict) => verdicts.note(result, verdict),
        });
      });
      view.tell(`${scoreText(score)}${running.signal.aborted ? ' · cancelled' : ''}`, new Set(), score.problems);
      return score;
    } finally {
      this.become(null);
    }
  }

  cancelAll(): void {
    this.running?.abort();
  }

  private become(running: AbortController | null): void {
    this.running = running;
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.examplesRunning, running !== null);
  }

  /** Id of the result that a link or an entry of the tree names, else of the one that the user picks. */
  async chosenResult(argument: unknown, title: string): Promise<string | undefined> {
    return ((await this.resultOf(argument)) ?? (await this.pickResult(title)))?.result.id;
  }

  /** The result that a link or an entry of the tree names. */
  private async resultOf(argument: unknown): Promise<GalleryEntry | undefined> {
    if (isGalleryItem(argument)) return argument.type === 'gallery-result' ? argument.entry : undefined;
    if (typeof argument !== 'string') return undefined;
    return (await this.parts.files.groups()).flatMap(({ entries }) => entries).find(({ result }) => result.id === argument);
  }

  private async pickResult(title: string): Promise<GalleryEntry | undefined> {
    const { files, prompts } = this.parts;
    const entries = (await files.groups()).flatMap((group) => group.entries);
    const choices = entries.map((entry) => ({
      label: entry.result.title,
      description: `${entry.result.row} · ${shortCitation(entry.result.citation)} · ${entry.result.status}`,
      detail: entry.result.statement,
      also: `${entry.result.citation.authors} ${entry.result.citation.title}`,
      icon: STATUS_ICONS[entry.result.status],
      value: entry,
    }));
    return prompts.pickOne(choices, { title, placeholder: 'Title, statement, author or row of the catalogue' });
  }

  private async openExampleOf({ result, examples }: GalleryEntry): Promise<void> {
    const example = examples.at(0);
    if (example) return this.open(example);
    void this.parts.prompts.inform('information', `There is no example of "${result.title}".`);
  }

  /** In a folder that cannot be written an example is opened without being saved. */
  private async copied(example: Example): Promise<vscode.TextDocument> {
    const { files, prompts } = this.parts;
    try {
      return await files.copy(example);
    } catch (error) {
      if (!(error instanceof vscode.FileSystemError)) throw error;
      const why = error.message.replace(/\.?$/u, '.');
      void prompts.inform('warning', `The example cannot be copied into the workspace, and is opened without being saved. ${why}`);
      return files.unsaved(example);
    }
  }

  private async open(example: Example): Promise<void> {
    const document = await this.copied(example);
    await vscode.window.showTextDocument(document, { preview: false });
  }
}
