/** How numbers are put into words, the same way in every sentence of the lab. */

const NARROW_SPACE = '\u202f';

/** Three significant digits unless said otherwise, Unicode superscripts: 3.14, 12 300, 1.2×10⁻⁹, 10⁻⁸. */
export function inWords(value: number, digits = 3): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return grouped(String(Number(value.toPrecision(digits)))).replace('-', '−');
  const [digitsText, exponent] = size.toExponential(digits - 1).split('e');
  const mantissa = String(Number(digitsText));
  // A mantissa of 1 says nothing: 10⁻⁸, as the charts and the page write it.
  return `${value < 0 ? '−' : ''}${mantissa === '1' ? '' : `${mantissa}×`}10${superscript(Number(exponent))}`;
}

/** A count with all its digits, as the page writes it: 1667, 200 000. */
export function countInWords(count: number): string {
  return grouped(String(count));
}

/** 1 step, 200 000 steps. */
export function stepsInWords(steps: number): string {
  return `${countInWords(steps)} ${steps === 1 ? 'step' : 'steps'}`;
}

export function superscript(value: number): string {
  return String(value).replace(/[-\d]/g, (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)]));
}

/** What stands before the point in groups of three, from five digits on. */
function grouped(number: string): string {
  return number.replace(/^-?\d{5,}/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE));
}
