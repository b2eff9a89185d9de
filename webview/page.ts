/** The page as a whole: which sections there are, and what each shows of the run at hand. */
import type { ComparedRun, ExportFormat, RunView } from '../src/protocol/panel';
import type { Figure, Prediction, Reference, Report, RunSubject } from '../src/protocol/report';
import { captionOf } from './caption';
import { Charts, type ChartsContent } from './charts';
import { coefficientNames } from './coefficient-names';
import { Coefficients } from './coefficients';
import { runNames, type NamedRun } from './compared-settings';
import { Comparison, FinalMeasures } from './comparison';
import { Conditions } from './conditions';
import { el, fill } from './dom';
import { baseName, csvOf, markdownOf, pictureOf, type PicturePart } from './export';
import { Figures } from './figures';
import { paint } from './filling';
import { comparesDirections, guidesOf } from './guides';
import { Header } from './header';
import type { Host } from './host';
import { curvesOf, LiveBuffer, type Curves } from './live-buffer';
import { noCoefficients } from './model-words';
import { openTables } from './open-tables';
import { References } from './references';
import { ScrollMemory } from './scroll-memory';
import type { PlottedRun } from './series';
import { isPrinting, onThemeChange, readTheme, type Theme } from './theme';
import { drawingOf, type Part } from './vector-chart';
import { VerdictCard } from './verdict';

interface Section {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
}

/** A titled part of the page that may fail without taking the others with it. */
function section(title: string, name: string, body: HTMLElement): Section {
  return { element: el('section', { class: `section section-${name}`, 'aria-label': title }, el('h2', {}, title), body), body };
}

/** A report over many runs, of a sweep, has figures and a verdict; coefficients and final values are those of single runs. */
function isOverRuns({ trajectory, measures }: Report): boolean {
  return Object.keys(trajectory).length === 0 && Object.keys(measures).length === 0;
}

function hasCurves({ runs }: ChartsContent): boolean {
  return runs.some(({ curves }) => curves.rows > 0);
}

export class Page {
  private theme: Theme = readTheme();
  private run: RunView | null = null;
  private compared: readonly ComparedRun[] = [];
  private live = new LiveBuffer();
  private reportCurves: Curves | null = null;
  /** Of the shown run, where it tells it from those it is compared with. */
  private ownName = '';
  private comparedCurves: readonly PlottedRun[] = [];

  private readonly scroll: ScrollMemory;
  private readonly header: Header;
  private readonly verdict: VerdictCard;
  private readonly charts: Charts;
  private readonly figures: Figures;
  private readonly coefficients: Coefficients;
  private readonly conditions: Conditions;
  private readonly references = new References();
  private readonly measures = new FinalMeasures();
  private readonly noCurves = el('p', { class: 'note' }, 'They are drawn as soon as the run has recorded its first steps.');
  private readonly comparison: Comparison;
  private readonly sections: Readonly<
    Record<'comparison' | 'charts' | 'figures' | 'coefficients' | 'conditions' | 'references' | 'measures', Section>
  >;

  constructor(
    private readonly host: Host,
    root: HTMLElement,
  ) {
    this.scroll = new ScrollMemory(host);
    this.header = new Header(host, {
      exportPicture: () => this.guard('the picture', null, () => this.exportPicture()),
      exportTrajectory: () => this.guard('the CSV', null, () => this.export('csv', '-trajectory.csv', csvOf(this.curves()))),
      exportDrawing: () => this.guard('the drawing', null, () => this.export('svg', '-charts.svg', this.drawing(this.vectorParts()))),
      exportReport: () => this.export('json', '.report.json', ''),
      exportPage: () => this.export('html', '.html', ''),
      copyCaption: () => this.guard('the caption', null, () => this.run !== null && this.export('caption', '.txt', captionOf(this.run))),
      copyMarkdown: () => this.guard('the Markdown', null, () => this.run !== null && this.export('markdown', '.md', markdownOf(this.run))),
    });
    this.verdict = new VerdictCard(host);
    const tables = openTables(host);
    const sweeps = host.saved
      ? null
      : {
          open: (point: number) => host.post({ type: 'open-point', point }),
          refine: (point: number) => host.post({ type: 'refine', point }),
          rerun: (point: number, count: number) => host.post({ type: 'rerun', point, count }),
          curves: (point: number, count: number, measure: string) => host.post({ type: 'open-cell', point, count, measure }),
        };
    const save = (title: string, part: Part): void =>
      this.guard('the drawing', null, () => this.export('svg', `-${fileWord(title)}.svg`, this.drawing([part])));
    this.charts = new Charts(host, tables, this.theme, (error) => this.failed('the charts', null, error), save);
    this.figures = new Figures(tables, this.theme, (what, place, error) => this.failed(what, place, error), save, sweeps);
    this.coefficients = new Coefficients(tables, this.theme);
    this.conditions = new Conditions(host);
    this.comparison = new Comparison(host, this.theme);
    this.sections = {
      comparison: section('Compared runs', 'comparison', this.comparison.element),
      charts: section('Curves', 'charts', el('div', {}, this.noCurves, this.charts.element)),
      figures: section('Figures', 'figures', this.figures.element),
      coefficients: section('Coefficients', 'coefficients', this.coefficients.element),
      conditions: section('What theory says', 'conditions', this.conditions.element),
      references: section('Reference solutions', 'references', this.references.element),
      measures: section('At the end of the run', 'measures', this.measures.element),
    };
    const { comparison, charts, figures, coefficients, conditions, references, measures } = this.sections;
    const main = el(
      'main',
      {},
      this.verdict.element,
      comparison.element,
      charts.element,
      figures.element,
      coefficients.element,
      conditions.element,
      references.element,
      measures.element,
    );
    fill(root, this.header.element, main);
    onThemeChange(() => this.retheme());
    this.snapshot(null, []);
  }

  /** Shows a run as a whole. */
  snapshot(run: RunView | null, compared: readonly ComparedRun[]): void {
    const fileBefore = this.run?.file ?? '';
    this.run = run;
    this.compared = compared;
    this.live = new LiveBuffer();
    if (run !== null) this.live.append(run.live, true);
    this.reportCurves = run?.report ? curvesOf(run.report.trajectory) : null;
    const named = this.named();
    this.ownName = run?.report ? (named.at(0)?.title ?? '') : '';
    this.comparedCurves = compared.map(({ report }, at) => ({
      title: named[at + (run?.report ? 1 : 0)].title,
      curves: curvesOf(report.trajectory),
    }));
    const before = this.host.state().runId;
    if (run !== null && run.id !== before) this.host.remember({ runId: run.id });
    this.showAll();
    if (run !== null) this.scroll.shown(run.id, before);
    // Another experiment is read from its verdict on; a new run of the same one stays where it is being watched.
    if (run !== null && fileBefore !== '' && run.file !== fileBefore) window.scrollTo({ top: 0 });
  }

  points(points: Parameters<LiveBuffer['append']>[0], reset: boolean): void {
    this.live.append(points, reset);
    this.guard('the charts', null, () => {
      this.sections.charts.element.hidden = false;
      const content = this.chartsContent();
      this.noCurves.hidden = hasCurves(content);
      this.charts.update(content);
    });
  }

  progress(fraction: number | null, says: string): void {
    if (this.run !== null) this.run = { ...this.run, progress: { fraction, says } };
    this.verdict.progress(fraction, says);
  }

  predicted(predictions: readonly Prediction[], subject: RunSubject | null): void {
    if (this.run === null) return;
    this.run = { ...this.run, predictions, subject };
    this.guard('the verdict', this.verdict.element, () => this.verdict.show(this.run));
    this.showTheory();
  }

  reference(reference: Reference): void {
    if (this.run === null) return;
    const references = [...this.run.references.filter(({ id }) => id !== reference.id), reference];
    this.run = { ...this.run, references };
    this.showTheory();
    this.charts.update(this.chartsContent());
  }

  /** Figures of the state so far. */
  liveFigures(figures: readonly Figure[]): void {
    if (this.run?.state !== 'running') return;
    this.run = { ...this.run, figures };
    this.showFigures(figures);
  }

  /** The curves of the runs at a place of the sweep. */
  cell(point: number, figure: Figure | null, says: string): void {
    this.guard('the curves of these runs', null, () => this.figures.cell(point, figure, says));
  }

  stale(stale: boolean): void {
    if (this.run === null) return;
    this.run = { ...this.run, stale };
    this.header.stale(stale && this.run.state !== 'running');
  }

  get runId(): string | null {
    return this.run?.id ?? null;
  }

  private showAll(): void {
    const { run } = this;
    const report = run?.report ?? null;
    this.guard('the header', null, () => this.header.show(run, this.compared.length > 0));
    this.guard('the verdict', this.verdict.element, () => this.verdict.show(run));
    this.sections.comparison.element.hidden = this.compared.length === 0;
    this.guard('the comparison', this.sections.comparison.body, () => this.comparison.show(this.named()));
    const content = this.chartsContent();
    const live = run?.state === 'running' && run.kind !== 'sweep';
    this.noCurves.hidden = hasCurves(content);
    this.sections.charts.element.hidden = !hasCurves(content) && !live;
    this.guard('the charts', null, () => this.charts.show(content));
    this.showFigures(report?.figures ?? run?.figures ?? []);
    this.showTheory();
    this.sections.measures.element.hidden = report === null || isOverRuns(report);
    this.guard('the measures', this.sections.measures.body, () => this.measures.show(report, 'Known when the run has ended.'));
  }

  /** The shown run, if it has a report, and those it is compared with, under names that tell them apart. */
  private named(): readonly (NamedRun & { readonly id: string })[] {
    const { run, compared } = this;
    const runs = [...(run?.report ? [{ id: run.id, title: run.title || 'this run', report: run.report }] : []), ...compared];
    const names = runNames(runs);
    return runs.map(({ id, report }, at) => ({ id, report, title: names[at] }));
  }

  private showFigures(figures: readonly Figure[]): void {
    this.sections.figures.element.hidden = figures.length === 0;
    this.guard('the figures', this.sections.figures.body, () => this.figures.show(this.runId, figures, this.run?.state === 'running'));
  }

  private showTheory(): void {
    const { run } = this;
    const predictions = run?.report?.predictions ?? run?.predictions ?? [];
    const references = this.shownReferences();
    const shown = run !== null && run.state !== 'empty';
    // Curves, references and coefficients are those of single runs.
    const live = run?.state === 'running' && run.kind !== 'sweep';
    // Of a sweep that is over theory speaks in each of its runs.
    this.sections.conditions.element.hidden = predictions.length === 0 && (!shown || (run.report !== null && isOverRuns(run.report)));
    this.sections.references.element.hidden = !shown || (references.length === 0 && !live);
    this.sections.coefficients.element.hidden = !shown || (run.report === null ? references.length === 0 && !live : isOverRuns(run.report));
    this.guard('the conditions', this.sections.conditions.body, () =>
      this.conditions.show(
        predictions,
        run?.state === 'running'
          ? `Theory is ${run.waiting ? 'asked when the run begins' : 'being asked'}.`
          : 'No published result in the catalogue speaks of this experiment.',
      ),
    );
    this.guard('the references', this.sections.references.body, () => this.references.show(references, 'Solved while the run goes on.'));
    this.guard('the coefficients', this.sections.coefficients.body, () =>
      this.coefficients.show({
        trained: run?.report?.solution.predictor ?? null,
        references,
        namesOf: (length) => coefficientNames(run?.report ?? run?.subject ?? null, length),
        directions: comparesDirections(run?.report?.verdict ?? null, references),
        live: run?.state === 'running',
        untrainedText: noCoefficients(run?.state ?? 'empty', run?.report ?? null),
      }),
    );
  }

  private shownReferences(): readonly Reference[] {
    const fromReport = this.run?.report?.references ?? [];
    return fromReport.length > 0 ? fromReport : (this.run?.references ?? []);
  }

  private curves(): Curves {
    return this.reportCurves !== null && this.reportCurves.rows > 0 ? this.reportCurves : this.live;
  }

  private chartsContent(): ChartsContent {
    const curves = this.curves();
    const own: readonly PlottedRun[] =
      this.run === null || curves.names.length === 0 ? [] : [{ title: this.ownName || this.run.title || 'this run', curves }];
    return {
      runs: [...own, ...this.comparedCurves],
      guides: guidesOf(this.run?.report?.verdict ?? null, this.shownReferences(), curves),
      live: this.run?.state === 'running',
      diverged: this.run?.state === 'diverged',
    };
  }

  private retheme(): void {
    this.theme = readTheme();
    this.guard('the charts', null, () => this.charts.retheme(this.theme));
    this.guard('the figures', this.sections.figures.body, () => this.figures.retheme(this.theme, isPrinting()));
    this.guard('the comparison', null, () => this.comparison.retheme(this.theme));
    this.guard('the coefficients', this.sections.coefficients.body, () => this.coefficients.retheme(this.theme));
  }

  private vectorParts(): readonly Part[] {
    const charts = this.charts.drawn.map((panel) => panel.vector());
    return [...charts, ...this.figures.vectors, this.coefficients.vector].filter((part) => part !== null);
  }

  private drawing(parts: readonly Part[]): string {
    return drawingOf(parts, this.run === null ? '' : captionOf(this.run));
  }

  private exportPicture(): void {
    const parts: PicturePart[] = this.charts.drawn.map(({ title, canvas, legendEntries }) => ({
      title,
      canvas,
      legend: legendEntries.map(({ label, style }) => ({ label, colour: style.colour, fill: style.colour, dash: style.dash })),
    }));
    parts.push(...this.figures.pictures);
    const { canvas, legendEntries } = this.coefficients;
    if (canvas !== null)
      parts.push({
        title: 'Coefficients',
        canvas,
        legend: legendEntries.map(({ label, filling }) => ({ label, colour: filling.colour, fill: paint(filling), dash: null })),
      });
    const heading = [this.run?.title, this.run?.report?.verdict.says].filter((part) => part !== undefined && part !== '').join(': ');
    this.export('png', '-charts.png', pictureOf(heading, parts, this.theme));
  }

  private export(format: ExportFormat, ending: string, content: string): void {
    this.host.post({ type: 'export', format, name: `${baseName(this.run?.file ?? '')}${ending}`, content });
  }

  /** Runs one part of the page; what it throws is shown in its place and reported, the rest stays. */
  private guard(what: string, place: HTMLElement | null, show: () => void): void {
    try {
      show();
    } catch (error) {
      this.failed(what, place, error);
    }
  }

  private failed(what: string, place: HTMLElement | null, error: unknown): void {
    reportError(this.host, what, error, place ?? this.verdict.element, place !== null);
  }
}

/** A title as a piece of a file's name. */
function fileWord(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'figure'
  );
}

/** Tells the reader and the host's log what could not be shown. */
export function reportError(host: Host, what: string, error: unknown, place: HTMLElement, replace: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  const notice = el(
    'p',
    { class: 'page-error', role: 'alert' },
    `${what.charAt(0).toUpperCase()}${what.slice(1)} could not be shown: ${message.slice(0, 500)}`,
  );
  if (replace) fill(place, notice);
  else if (!place.querySelector(':scope > .page-error')) place.append(notice);
  host.post({ type: 'page-error', message: `${what}: ${error instanceof Error ? (error.stack ?? message) : message}`.slice(0, 4000) });
}
