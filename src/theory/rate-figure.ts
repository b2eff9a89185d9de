/** A measured quantity beside what theory foresees or allows, on two logarithmic axes. */
import type { Figure } from '../protocol/report';
import { inWords } from './wording';

export interface Rate {
  readonly id: string;
  readonly title: string;
  readonly x: { readonly label: string; readonly scale: 'linear' | 'log'; readonly values: readonly number[] };
  readonly y: { readonly label: string; readonly measured: readonly number[]; readonly foreseen: readonly number[] };
  readonly foreseenName: string;
}

/** Points that a logarithmic axis can show; no figure with fewer than two measured ones. */
export function rateFigure({ id, title, x, y, foreseenName }: Rate): readonly Figure[] {
  const positive = (values: readonly number[]): { x: number[]; y: number[] } => {
    const kept = values.flatMap((value, k) => (value > 0 && Number.isFinite(value) && x.values[k] > 0 ? [k] : []));
    return { x: kept.map((k) => x.values[k]), y: kept.map((k) => values[k]) };
  };
  const measured = positive(y.measured);
  const foreseen = positive(y.foreseen);
  if (measured.y.length < 2) return [];
  const slope = slopeOf(measured.x, measured.y);
  const last = measured.y.length - 1;
  const says =
    `${y.label} falls to ${inWords(measured.y[last])} at ${x.label} = ${inWords(measured.x[last])}` +
    (slope === null ? '.' : `, in its last half like the power ${inWords(Number(slope.toFixed(2)))} of ${x.label}.`) +
    (foreseen.y.length > 0 ? ` ${foreseenName.charAt(0).toUpperCase()}${foreseenName.slice(1)}: ${inWords(foreseen.y.at(-1) ?? 0)}.` : '');
  const series = [
    { name: 'measured', style: 'line' as const, ...measured },
    ...(foreseen.y.length > 0 ? [{ name: foreseenName, style: 'line' as const, ...foreseen }] : []),
  ];
  return [{ kind: 'chart', id, title, says, x: { label: x.label, scale: x.scale }, y: { label: y.label, scale: 'log' }, series }];
}

/** Slope of ln y over ln x between the point at half of the last ln x and the last; null where there is no such stretch. */
export function slopeOf(x: readonly number[], y: readonly number[]): number | null {
  const last = x.length - 1;
  const middle = x.findIndex((value) => Math.log(value) >= 0.5 * (Math.log(x[0]) + Math.log(x[last])));
  const run = Math.log(x[last] / x[middle]);
  return middle < 0 || !(run > 0.1) ? null : Math.log(y[last] / y[middle]) / run;
}
