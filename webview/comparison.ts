/** Numbers at the end of the run, and side by side with those of other runs. */
import { dataSize } from '../src/protocol/data-size';
import type { Report } from '../src/protocol/report';
import { differingSettings, NOT_SET, type NamedRun } from './compared-settings';
import { ComparisonScatter } from './comparison-scatter';
import { actionButton } from './controls';
import { el, fill } from './dom';
import { finalValue } from './final-value';
import { formatDuration, formatNumber } from './format-number';
import type { Host } from './host';
import { measureInfo } from './series';
import { table } from './tables';
import type { Theme } from './theme';
import { limitWord, OUTCOME_WORDS, VERDICT_WORDS, verdictMeasure } from './words';

export class FinalMeasures {
  readonly element = el('div', { class: 'final-measures' });

  show(report: Report | null, emptyText: string): void {
    const names = report === null ? [] : Object.keys(report.measures);
    if (report === null || names.length === 0) {
      fill(this.element, el('p', { class: 'note' }, emptyText));
      return;
    }
    fill(
      this.element,
      table({
        caption: 'Measures at the end of the run',
        whole: true,
        columns: [
          { title: 'Measure', numeric: false, heading: true },
          { title: 'Symbol', numeric: false },
          { title: 'Value', numeric: true },
          { title: 'Meaning', numeric: false },
        ],
        rows: names.length,
        cell: (row, column) => {
          const info = measureInfo(names[row]);
          return [info.title, info.symbol, finalValue(report, names[row]), info.description][column];
        },
      }),
      el('p', { class: 'note provenance' }, provenance(report)),
    );
  }
}

function provenance(report: Report): string {
  const { samples, features } = report.data;
  return [
    Number.isFinite(samples) && Number.isFinite(features) ? dataSize(samples, features, formatNumber) : '',
    report.kernels === '' ? '' : `computed by ${report.kernels} kernels`,
    report.version === '' ? '' : `version ${report.version}`,
    report.fingerprint === '' ? '' : `fingerprint ${report.fingerprint.slice(0, 12)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

export class Comparison {
  readonly element = el('div');
  private readonly scatter: ComparisonScatter;

  constructor(
    private readonly host: Host,
    theme: Theme,
  ) {
    this.scatter = new ComparisonScatter(theme);
  }

  retheme(theme: Theme): void {
    this.scatter.retheme(theme);
  }

  /** @param runs the shown run first, under names that tell them apart */
  show(runs: readonly (NamedRun & { readonly id: string })[]): void {
    if (runs.length < 2) return fill(this.element);
    const reports = runs.map(({ report }) => report);
    const names = [...new Set(reports.flatMap(({ measures }) => Object.keys(measures)))];
    const settings = differingSettings(reports).map(({ path, values }): readonly [string, (run: number) => string] => [
      path,
      (run) => values[run]?.text ?? NOT_SET,
    ]);
    const facts: readonly (readonly [string, (report: Report) => string])[] = [
      ['Verdict', ({ verdict }) => VERDICT_WORDS[verdict.outcome].label],
      ['Measured by', ({ verdict }) => (verdict.measure === null ? '' : verdictMeasure(verdict.measure))],
      ['Measured value', ({ verdict }) => (verdict.value === null ? '' : formatNumber(verdict.value))],
      [limitTitle(reports), ({ verdict }) => (verdict.tolerance === null ? '' : formatNumber(verdict.tolerance))],
      ['Training', ({ outcome }) => OUTCOME_WORDS[outcome]],
      ['Run time', ({ seconds }) => formatDuration(seconds)],
      ...names.map((name): readonly [string, (report: Report) => string] => [measureInfo(name).title, (of) => finalValue(of, name)]),
    ];
    const columns = runs.map(({ title }) => ({ title, numeric: true }));
    fill(
      this.element,
      settings.length > 0
        ? table({
            caption: 'Settings that differ',
            visibleCaption: true,
            whole: true,
            columns: [{ title: 'Setting', numeric: false, heading: true }, ...columns],
            rows: settings.length,
            cell: (row, column) => (column === 0 ? settings[row][0] : settings[row][1](column - 1)),
          })
        : el('p', { class: 'note' }, 'These runs have the same settings.'),
      el(
        'div',
        { class: 'comparison-actions', role: 'group', 'aria-label': 'Apply settings to the file' },
        ...runs.map(({ id, title }) =>
          actionButton(`Apply settings of ${title}`, `Apply settings of ${title} to its file`, () =>
            this.host.post({ type: 'apply-settings', id }),
          ),
        ),
      ),
      table({
        caption: 'Verdicts and measures of the compared runs',
        whole: true,
        columns: [{ title: 'At the end', numeric: false, heading: true }, ...columns],
        rows: facts.length,
        cell: (row, column) => (column === 0 ? facts[row][0] : facts[row][1](reports[column - 1])),
      }),
      this.scatter.element,
    );
    this.scatter.show(runs);
  }
}

/** "Tolerance", "Bound", "Tolerance or bound". */
function limitTitle(reports: readonly Report[]): string {
  const judged = reports.map(({ verdict }) => verdict).filter(({ tolerance }) => tolerance !== null);
  const title = [...new Set(judged.map(limitWord))].join(' or ') || 'tolerance';
  return title[0].toUpperCase() + title.slice(1);
}
