/** Trained against reference coefficients: a chart, what it shows in words, and the numbers. */
import type { Chart } from 'chart.js';
import type { Reference } from '../src/protocol/report';
import { drawBars, drawScatter, fillingOf, SCATTER_LIMIT, type Filling } from './coefficient-chart';
import { ChartFigureView } from './chart-figure';
import type { CoefficientNames } from './coefficient-names';
import { coefficientSet, largestDifferences, type CoefficientSeries, type CoefficientSet } from './coefficient-set';
import { toggleButton, type Toggle } from './controls';
import { el, fill } from './dom';
import { patch } from './filling';
import { formatNumber } from './format-number';
import { markerIcon } from './markers';
import type { OpenTables } from './open-tables';
import { table } from './tables';
import type { Theme } from './theme';
import type { Part } from './vector-chart';

export interface CoefficientsContent {
  readonly trained: readonly number[] | null;
  readonly references: readonly Reference[];
  readonly namesOf: (length: number) => CoefficientNames;
  /** Only directions are compared. */
  readonly directions: boolean;
  /** Why there are no trained ones, or not yet. */
  readonly untrainedText: string;
  /** The reference may still be to come. */
  readonly live: boolean;
}

/** Up to so many features are drawn as bars. */
export const BAR_LIMIT = 40;
/** Pixels that a chart of bars takes at most: around them, between two features, for each bar. */
const FRAME = 240;
const GROUP = 40;
const BAR = 48;
const LARGEST_DIFFERENCES = 10;
/** The key of its table among the open ones. */
const TABLE = 'coefficients';

export class Coefficients {
  readonly element = el('div', { class: 'coefficients' });
  private chart: Chart | null = null;
  private content: CoefficientsContent | null = null;
  private readonly tableSwitch: Toggle;
  private readonly tableHolder = el('div');
  private set: CoefficientSet | null = null;

  constructor(
    tables: OpenTables,
    private theme: Theme,
  ) {
    this.tableSwitch = toggleButton('Table', 'Table of the coefficients', tables.has(TABLE), (open) => {
      tables.set(TABLE, open);
      this.drawTable();
    });
  }

  /** The drawn chart for pictures, null when there is none. */
  get canvas(): HTMLCanvasElement | null {
    return this.chart?.canvas ?? null;
  }

  get legendEntries(): readonly { readonly label: string; readonly filling: Filling }[] {
    const { set } = this;
    if (set === null) return [];
    return set.series.map((series) => ({ label: series.title, filling: fillingOf(this.theme, set, series) }));
  }

  /** For print: bars over the names of the features, points over their numbers where there are many. */
  get vector(): Part | null {
    const { set } = this;
    if (set === null || this.chart === null) return null;
    const x = set.names.map((_, index) => index + 1);
    const bars = set.names.length <= BAR_LIMIT;
    const style = bars ? 'bars' : 'points';
    return new ChartFigureView({
      kind: 'chart',
      id: 'coefficients',
      title: set.normalised ? 'Coefficients, every vector at norm 1' : 'Coefficients',
      says: '',
      x: { label: set.what, scale: 'linear', ...(bars && { ticks: set.names }) },
      y: { label: 'coefficient', scale: 'linear' },
      series: set.series.map(({ title, values }) => ({ name: title, style, x, y: values })),
    }).vector();
  }

  retheme(theme: Theme): void {
    this.theme = theme;
    if (this.content !== null) this.show(this.content);
  }

  show(content: CoefficientsContent): void {
    this.content = content;
    this.chart?.destroy();
    this.chart = null;
    const set = coefficientSet(content.trained, content.references, content.namesOf, content.directions);
    this.set = set;
    if (set === null) {
      fill(
        this.element,
        el('p', { class: 'note' }, content.live ? 'They appear as soon as the reference is solved.' : content.untrainedText),
      );
      return;
    }
    const trained = set.series.find(({ role }) => role === 'trained');
    const predicted = set.series.find(({ role }) => role === 'predicted');
    const scatter = set.names.length > BAR_LIMIT && trained !== undefined && set.series.length > 1;
    // One number needs no chart.
    const bars = set.names.length > 1 && set.names.length <= BAR_LIMIT;
    const canvas = el('canvas');
    const frame = el(
      'div',
      { class: 'chart-frame coefficient-frame', role: 'img', tabindex: '0', 'aria-label': summary(set, trained, predicted) },
      canvas,
    );
    fill(
      this.element,
      el(
        'div',
        { class: 'chart-head' },
        el('p', { class: 'note' }, explanation(set, content, scatter)),
        el('span', { class: 'chart-switches', hidden: set.names.length === 1 }, this.tableSwitch.element),
      ),
      (bars || scatter) &&
        el(
          'ul',
          { class: 'legend' },
          ...this.legendEntries
            .filter((_, index) => !scatter || index > 0)
            .map(({ label, filling }) =>
              el(
                'li',
                { class: 'legend-item' },
                scatter ? markerIcon({ shape: filling.marker, colour: filling.colour, filled: false }) : patch(filling),
                label,
              ),
            ),
        ),
      (bars || scatter) && frame,
      this.tableHolder,
      trained !== undefined && predicted !== undefined && set.names.length > BAR_LIMIT && differences(set, trained, predicted),
    );
    // Few bars stand together instead of a hand apart.
    if (bars) frame.style.maxWidth = `${FRAME + set.names.length * (GROUP + set.series.length * BAR)}px`;
    if (scatter) this.chart = drawScatter(canvas, set, trained, this.theme);
    else if (bars) this.chart = drawBars(canvas, set, this.theme);
    this.drawTable();
  }

  private drawTable(): void {
    const { set } = this;
    if (set === null || (!this.tableSwitch.on && set.names.length > 1)) {
      fill(this.tableHolder);
      return;
    }
    fill(
      this.tableHolder,
      table({
        caption: 'Coefficients',
        rest: 'The JSON report has all of them.',
        columns: [{ title: titleOf(set), numeric: false, heading: true }, ...set.series.map(({ title }) => ({ title, numeric: true }))],
        rows: set.names.length,
        cell: (row, column) => (column === 0 ? set.names[row] : formatNumber(set.series[column - 1].values[row], 6)),
      }),
    );
  }
}

function titleOf({ what }: CoefficientSet): string {
  return what === 'entry' ? 'Entry' : 'Feature';
}

function pluralOf({ what }: CoefficientSet): string {
  return what === 'entry' ? 'entries' : 'features';
}

function explanation(set: CoefficientSet, { trained, untrainedText }: CoefficientsContent, scatter: boolean): string {
  return [
    trained === null ? `${untrainedText} Here is what is predicted.` : '',
    set.normalised ? `${trained === null ? 'E' : 'Only directions are compared: e'}very vector is divided by its ℓ2 norm.` : '',
    scatter
      ? `Every point is ${set.what === 'entry' ? 'an entry of the matrix' : 'a feature'}; on the dashed diagonal the trained coefficient equals the reference.`
      : '',
    scatter && set.names.length > SCATTER_LIMIT
      ? `The first ${formatNumber(SCATTER_LIMIT)} of ${formatNumber(set.names.length)} ${pluralOf(set)} are drawn.`
      : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function summary(set: CoefficientSet, trained: CoefficientSeries | undefined, predicted: CoefficientSeries | undefined): string {
  const start = `Chart: coefficients of ${set.names.length} ${pluralOf(set)}, ${set.series.map(({ title }) => title).join(', ')}.`;
  if (trained === undefined || predicted === undefined) return start;
  const [worst] = largestDifferences(trained.values, predicted.values, 1);
  const size = Math.abs(trained.values[worst] - predicted.values[worst]);
  return `${start} The largest difference between trained and predicted is ${formatNumber(size)}, at ${set.names[worst]}.`;
}

function differences(set: CoefficientSet, trained: CoefficientSeries, predicted: CoefficientSeries): HTMLElement {
  const order = largestDifferences(trained.values, predicted.values, LARGEST_DIFFERENCES);
  return table({
    caption: `The ${order.length} largest differences between trained and predicted`,
    visibleCaption: true,
    whole: true,
    columns: [
      { title: titleOf(set), numeric: false, heading: true },
      { title: 'Trained', numeric: true },
      { title: 'Predicted', numeric: true },
      { title: '|Difference|', numeric: true },
    ],
    rows: order.length,
    cell: (row, column) => {
      const index = order[row];
      const [w, v] = [trained.values[index], predicted.values[index]];
      return [set.names[index], formatNumber(w, 6), formatNumber(v, 6), formatNumber(Math.abs(w - v))][column];
    },
  });
}
