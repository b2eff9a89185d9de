/** How numbers and conditions are put into words, the same way in every result. */
import { countInWords, inWords, stepsInWords, superscript } from '../numerics/in-words';
import type { Citation, Condition } from '../protocol/report';

// Sentences of results need them beside what follows.
export { countInWords, inWords, stepsInWords, superscript };

/** "Woodworth et al. 2020", "Ji & Telgarsky 2019", "Soudry 2018". */
export function shortCitation({ authors, year }: Citation): string {
  const names = authors.split(/, | and /).map((name) => name.trim().split(' ').at(-1) ?? name);
  const who = names.length === 1 ? names[0] : names.length === 2 ? names.join(' & ') : `${names[0]} et al.`;
  return `${who} ${year}`;
}

/** Said by a judge that is asked without a reference. Why a solver gave none has been said before: such a run reaches no judge. */
export const NO_REFERENCE = 'There is no reference solution to compare with.';

export function condition(text: string, holds: boolean | 'unknown', because: string): Condition {
  return { text, holds, because };
}
