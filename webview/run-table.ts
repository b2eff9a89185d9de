/** The numbers behind a chart: its horizontal axes, its measures, and the logarithms that sharpen them. */
import { measureInfo, measureLabel, valueText, type ChartPlan, type PlottedRun } from './series';
import { table } from './tables';

/** `named`: the run's title is shown, because it is not the only one. */
export function runTable(plan: ChartPlan, { title, curves }: PlottedRun, named: boolean): HTMLElement {
  const axes = curves.names.filter((name) => measureInfo(name).group === 'axis');
  const names = [...axes, ...[...plan.measures, ...plan.extraColumns].filter((name) => curves.column(name) !== null)];
  return table({
    caption: named ? `${plan.title}: ${title}` : plan.title,
    visibleCaption: named,
    columns: names.map((name, index) => ({ title: measureLabel(name), numeric: true, heading: index === 0 })),
    rows: curves.rows,
    cell: (row, column) => valueText(curves, names[column], row),
  });
}
