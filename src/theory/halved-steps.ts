/** Errors of a run at steps that are halved again and again: the order that they show, and its picture. */
import type { Figure, FigureSeries } from '../protocol/report';
import { inWords } from './wording';

export interface Halved {
  /** "GD against the modified flow". */
  readonly name: string;
  /** At η, η/2, η/4, … */
  readonly errors: readonly number[];
  /** The order that theory says. */
  readonly order: number;
}

/** log₂ of the ratio of each error to the next. */
export function ordersOf(errors: readonly number[]): readonly number[] {
  return errors.slice(1).map((error, k) => Math.log2(errors[k] / error));
}

/**
 * The order as the step goes to 0. A local order deviates from it by O(η), which halves with the step: the last two are extrapolated.
 */
export function orderOf(errors: readonly number[]): number {
  const orders = ordersOf(errors);
  const last = orders[orders.length - 1];
  return orders.length < 2 ? last : 2 * last - orders[orders.length - 2];
}

/**
 * Whether the steps are small enough to tell an order: near it the deviation halves with the step, so it is about the difference of the
 * last two local orders, and the extrapolated one is off by the order of its square.
 */
export function isSettled(errors: readonly number[]): boolean {
  const orders = ordersOf(errors);
  return orders.length < 2 || Math.abs(orders[orders.length - 1] - orders[orders.length - 2]) <= UNSETTLED;
}

/**
 * Whether the errors speak against an order: they are settled, and neither the extrapolated order nor the last local one is near it. Across kinks the local orders
 * scatter, which extrapolation doubles.
 */
export function speaksAgainst(errors: readonly number[], order: number, tolerance: number): boolean {
  const local = ordersOf(errors).at(-1) ?? Number.NaN;
  return isSettled(errors) && Math.abs(orderOf(errors) - order) > tolerance && Math.abs(local - order) > tolerance;
}

/** The square of it is about the tolerance of an order, a tenth. */
const UNSETTLED = 0.3;

export function orderInWords({ name, errors }: Halved): string {
  return `${name}: ${errors.map((error) => inWords(error)).join(', ')}, order ${orderOf(errors).toFixed(2)}`;
}

/** Errors against the step on logarithmic axes, each with the line of its theoretical order through the last point. */
export function orderFigure(
  id: string,
  title: string,
  label: string,
  steps: readonly number[],
  measured: readonly Halved[],
): readonly Figure[] {
  const shown = measured.filter(({ errors }) => errors.every((error) => error > 0 && Number.isFinite(error)));
  if (shown.length === 0) return [];
  const last = steps.length - 1;
  const series = shown.flatMap(({ name, errors, order }): FigureSeries[] => [
    { name, style: 'points', x: steps, y: errors },
    {
      name: `order ${order}, ${name}`,
      style: 'line',
      x: steps,
      y: steps.map((step) => errors[last] * Math.pow(step / steps[last], order)),
    },
  ]);
  return [
    {
      kind: 'chart',
      id,
      title,
      says: `${shown.map((each) => `${orderInWords(each)}, theory ${each.order}`).join('; ')}.`,
      x: { label: 'step size', scale: 'log' },
      y: { label, scale: 'log' },
      series,
    },
  ];
}
