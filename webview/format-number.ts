/** Numbers and durations as people read them: four significant digits, Unicode minus and superscripts. */

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};
const MINUS = '−';
const NARROW_SPACE = '\u202f';

/** "⁻⁹" of −9; long ones in groups of three, "⁻²⁰ ⁰⁰⁰ ⁰⁰⁰". */
export function superscript(exponent: number): string {
  const text = Number.isInteger(exponent) ? (exponent < 0 ? '-' : '') + grouped(String(Math.abs(exponent))) : String(exponent);
  return Array.from(text, (sign) => SUPERSCRIPTS[sign] ?? sign).join('');
}

/** "10⁻⁹" of −9; "1" of 0 and "10" of 1, because nobody writes 10⁰. */
export function powerOfTen(exponent: number): string {
  if (exponent === 0) return '1';
  return exponent === 1 ? '10' : `10${superscript(exponent)}`;
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function grouped(integer: string): string {
  return integer.length > 4 ? integer.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE) : integer;
}

/**
 * A number for people: integers below 10⁷ in full ("120 000"), otherwise `digits` significant digits,
 * scientific outside [10⁻³, 10⁵): "3.2×10⁻⁹". Infinite: "∞", "−∞"; not a number: "no value", as the terminal says.
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'no value';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const sign = value < 0 ? MINUS : '';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return sign + grouped(String(size));
  // Rounding first decides the notation: 99999.6 is 10⁵ and 0.00099999 is 0.001.
  const [mantissa, exponentText] = size.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -3 && exponent < 5) {
    // What stands before the point is never rounded away: 12 346, not 12 350.
    const plain = size.toFixed(Math.max(0, digits - 1 - exponent));
    const [whole, fraction] = plain.split('.');
    return sign + withoutTrailingZeros(fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`);
  }
  return sign + scientific(withoutTrailingZeros(mantissa), exponent);
}

function scientific(mantissa: string, exponent: number): string {
  return mantissa === '1' ? `10${superscript(exponent)}` : `${mantissa}×10${superscript(exponent)}`;
}

/** The number 10^`logarithm` for people, also where it underflows or overflows a double: "3.2×10⁻⁴³⁴³". */
export function formatFromLog10(logarithm: number, digits = 4): string {
  if (!Number.isFinite(logarithm)) return formatNumber(logarithm < 0 ? 0 : logarithm);
  if (Math.abs(logarithm) < 300) return formatNumber(10 ** logarithm, digits);
  let exponent = Math.floor(logarithm);
  let mantissa = 10 ** (logarithm - exponent);
  if (Number(mantissa.toPrecision(digits)) >= 10) {
    mantissa /= 10;
    exponent += 1;
  }
  return scientific(withoutTrailingZeros(mantissa.toPrecision(digits)), exponent);
}

/** A number with a fixed count of decimals, for the ticks of one axis. */
export function formatFixed(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.');
  const text = fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
  return value < 0 && Number(value.toFixed(decimals)) !== 0 ? MINUS + text : text;
}

/** "0.84 s", "12.3 s", "2 min 5 s", "1 h 4 min". */
export function formatDuration(seconds: number): string {
  if (!(seconds >= 0) || !Number.isFinite(seconds)) return '';
  if (seconds < 0.01) return 'under 0.01 s';
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** "42 %" of 0.42. */
export function formatPercent(fraction: number): string {
  return `${Math.round(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}
