/** How numbers and conditions are put into words, the same way in every result. */
import type { Citation, Condition } from '../protocol/report';

/** Three significant digits unless said otherwise, Unicode superscripts: 3.14, 1.2×10⁻⁹, 10⁻⁸. */
export function inWords(value: number, digits = 3): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(digits))).replace('-', '−');
  const [digitsText, exponent] = size.toExponential(digits - 1).split('e');
  const mantissa = String(Number(digitsText));
  // A mantissa of 1 says nothing: 10⁻⁸, as the charts and the page write it.
  return `${value < 0 ? '−' : ''}${mantissa === '1' ? '' : `${mantissa}×`}10${superscript(Number(exponent))}`;
}

export function superscript(value: number): string {
  return String(value).replace(/[-\d]/g, (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)]));
}

/** "Woodworth et al. 2020", "Ji & Telgarsky 2019", "Soudry 2018". */
export function shortCitation({ authors, year }: Citation): string {
  const names = authors.split(/, | and /).map((name) => name.trim().split(' ').at(-1) ?? name);
  const who = names.length === 1 ? names[0] : names.length === 2 ? names.join(' & ') : `${names[0]} et al.`;
  return `${who} ${year}`;
}

export function condition(text: string, holds: boolean | 'unknown', because: string): Condition {
  return { text, holds, because };
}
