/** The measured value against the tolerance, or the bound, on a small logarithmic scale. */
import type { VerdictLimit } from '../src/protocol/report';
import { el } from './dom';
import { formatNumber, powerOfTen } from './format-number';

/** What the mark on the scale is, and how far the value may go. */
const KEYS: Readonly<Record<VerdictLimit | 'tolerance', { readonly what: string; readonly mark: string; readonly inside: string }>> = {
  tolerance: { what: 'the tolerance', mark: 'tolerance', inside: 'agrees up to here' },
  bound: { what: 'the bound', mark: 'bound', inside: 'within the bound' },
  chance: { what: 'chance', mark: 'chance', inside: 'better than chance' },
};

/** Where things stand on the scale, in [0, 1]. */
export interface GaugeScale {
  readonly value: number;
  readonly tolerance: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Decades from below the smaller to above the larger of both; null when they have no place on a logarithmic scale. */
export function gaugeScale(value: number, tolerance: number): GaugeScale | null {
  if (!(tolerance > 0) || !(value >= 0) || !Number.isFinite(value) || !Number.isFinite(tolerance)) return null;
  const limit = Math.log10(tolerance);
  // Zero stands at the left end, well below the tolerance.
  const at = value === 0 ? limit - 6 : Math.log10(value);
  const low = Math.floor(Math.min(at, limit) - 0.5);
  const high = Math.ceil(Math.max(at, limit) + 0.5);
  const place = (logarithm: number): number => (logarithm - low) / (high - low);
  const stride = Math.max(1, Math.ceil((high - low) / 6));
  const ticks: { at: number; label: string }[] = [];
  for (let exponent = low; exponent <= high; exponent += stride) ticks.push({ at: place(exponent), label: powerOfTen(exponent) });
  return { value: value === 0 ? 0 : place(at), tolerance: place(limit), ticks };
}

/** "3 125 times below the tolerance", "1.2 times above the bound". */
export function againstTolerance(value: number, tolerance: number, limit?: VerdictLimit): string {
  if (!(tolerance > 0) || Number.isNaN(value)) return '';
  if (value === 0) return 'exactly zero';
  const ratio = value < tolerance ? tolerance / value : value / tolerance;
  if (ratio < 1.005) return `at ${KEYS[limit ?? 'tolerance'].what}`;
  return `${formatNumber(ratio, 2)} times ${value < tolerance ? 'below' : 'above'} ${KEYS[limit ?? 'tolerance'].what}`;
}

function placed(className: string, at: number, ...children: Parameters<typeof el>[2][]): HTMLElement {
  const element = el('span', { class: className }, ...children);
  element.style.left = `${(at * 100).toFixed(2)}%`;
  return element;
}

/** The picture; what it shows is said in the text beside it, so it is an image with that text as its name. */
export function gauge(value: number, tolerance: number, label: string, limit?: VerdictLimit): HTMLElement | null {
  const scale = gaugeScale(value, tolerance);
  if (scale === null) return null;
  const keys = KEYS[limit ?? 'tolerance'];
  const inside = el('span', { class: 'gauge-inside' });
  inside.style.width = `${(scale.tolerance * 100).toFixed(2)}%`;
  return el(
    'div',
    { class: 'gauge', role: 'img', 'aria-label': label },
    el(
      'div',
      { class: 'gauge-track' },
      inside,
      placed('gauge-tolerance', scale.tolerance),
      placed(value <= tolerance ? 'gauge-value gauge-met' : 'gauge-value gauge-missed', scale.value),
    ),
    el('div', { class: 'gauge-ticks' }, ...scale.ticks.map(({ at, label: words }) => placed('gauge-tick', at, words))),
    el(
      'div',
      { class: 'gauge-key' },
      el('span', { class: 'key-value' }, 'measured'),
      el('span', { class: 'key-tolerance' }, keys.mark),
      el('span', { class: 'key-inside' }, keys.inside),
    ),
  );
}
