/** The exponents of the losses that are named by their tails. */
import type { LossName } from './loss-schema';

/** Losses whose tail has an exponent, with its default. */
export const DEFAULT_POWER = { 'exponential-power': 0.5, polynomial: 1 } as const satisfies Partial<Record<LossName, number>>;
