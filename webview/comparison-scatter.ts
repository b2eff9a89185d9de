/** A measure at the end of the compared runs over a setting in which they differ. */
import { ChartFigureView } from './chart-figure';
import { differingSettings, type NamedRun } from './compared-settings';
import { dropdown } from './controls';
import { el, fill } from './dom';
import { isNumeric, scatterOf } from './scatter-figure';
import { measureInfo, measureLabel } from './series';
import type { Theme } from './theme';

export class ComparisonScatter {
  readonly element = el('div', { class: 'comparison-scatter' });
  private readonly holder = el('div');
  private readonly settingChoice = dropdown('Setting', (path) => this.choose({ path }));
  private readonly measureChoice = dropdown('Measure', (measure) => this.choose({ measure }));
  private chosen: { readonly path: string; readonly measure: string } = { path: '', measure: '' };
  private runs: readonly NamedRun[] = [];
  private view: ChartFigureView | null = null;

  constructor(private theme: Theme) {
    fill(this.element, el('div', { class: 'axis-bar' }, this.measureChoice.element, this.settingChoice.element), this.holder);
  }

  show(runs: readonly NamedRun[]): void {
    this.runs = runs;
    this.draw();
  }

  retheme(theme: Theme): void {
    this.theme = theme;
    this.view?.draw(theme);
  }

  private choose(change: Partial<typeof this.chosen>): void {
    this.chosen = { ...this.chosen, ...change };
    this.draw();
  }

  private draw(): void {
    this.view?.destroy();
    this.view = null;
    const settings = differingSettings(this.runs.map(({ report }) => report));
    const measures = [...new Set(this.runs.flatMap(({ report }) => Object.keys(report.measures)))].filter(
      (name) => measureInfo(name).group !== 'axis',
    );
    this.element.hidden = settings.length === 0 || measures.length === 0;
    if (this.element.hidden) return;
    const setting =
      settings.find(({ path }) => path === this.chosen.path) ??
      settings.find((one) => isNumeric(one) && one.path !== 'seed') ??
      settings[0];
    const measure = measures.includes(this.chosen.measure) ? this.chosen.measure : preferred(measures);
    this.settingChoice.set(
      settings.map(({ path }) => ({ value: path, label: path })),
      setting.path,
    );
    this.measureChoice.set(
      measures.map((name) => ({ value: name, label: measureLabel(name) })),
      measure,
    );
    this.view = new ChartFigureView(scatterOf(this.runs, setting, measure));
    fill(this.holder, this.view.element);
    this.view.draw(this.theme);
  }
}

const PREFERRED = ['distance', 'directionDistance', 'kktResidual', 'testLoss', 'loss'];

function preferred(measures: readonly string[]): string {
  return PREFERRED.find((name) => measures.includes(name)) ?? measures[0];
}
