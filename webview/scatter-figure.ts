/** A measure of several runs over one of their settings, as a figure. */
import type { Figure } from '../src/protocol/report';
import { numberOf } from '../src/protocol/report-json';
import { NOT_SET, type DifferingSetting, type NamedRun } from './compared-settings';
import { measureInfo, measureLabel } from './series';

/** Beyond this ratio an axis of positive numbers is logarithmic. */
const WIDE = 20;

export function isNumeric({ values }: DifferingSetting): boolean {
  return values.every((setting) => typeof setting?.value === 'number');
}

/** Each run is a point with a look of its own; texts stand at 1, 2, … */
export function scatterOf(
  runs: readonly NamedRun[],
  setting: DifferingSetting,
  measure: string,
): Extract<Figure, { readonly kind: 'chart' }> {
  const numeric = isNumeric(setting);
  const texts = [...new Set(setting.values.map((value) => value?.text ?? NOT_SET))];
  const x = setting.values.map((value) => (numeric ? Number(value?.value) : texts.indexOf(value?.text ?? NOT_SET) + 1));
  const y = runs.map(({ report }) => (Object.hasOwn(report.measures, measure) ? numberOf(report.measures[measure]) : Number.NaN));
  const drawn = y.filter(Number.isFinite);
  return {
    kind: 'chart',
    id: 'comparison-scatter',
    title: `${measureInfo(measure).title} over ${setting.path}`,
    says: `${drawn.length} of ${runs.length} runs have a value.`,
    x: {
      label: numeric ? setting.path : `${setting.path}: ${texts.map((text, k) => `${k + 1} = ${text}`).join(', ')}`,
      scale: numeric && isWide(x) ? 'log' : 'linear',
    },
    y: {
      label: measureLabel(measure),
      scale: measureInfo(measure).scale === 'log' && drawn.every((value) => value > 0) ? 'log' : 'linear',
    },
    series: runs.map(({ title }, run) => ({ name: title, style: 'points', x: [x[run]], y: [y[run]] })),
  };
}

function isWide(values: readonly number[]): boolean {
  return values.every((value) => value > 0) && Math.max(...values) >= WIDE * Math.min(...values);
}
