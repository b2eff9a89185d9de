import { UsageError } from './usage-error';

/** The value of an option that counts something. @throws UsageError */
export function wholeNumber(option: string, given: string, most: number): number {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new UsageError(`${option} ${JSON.stringify(given)}: expected a whole number from 1 to ${most}`);
  return number;
}
