/** Seconds of the processor that reference problems take, on fixed data: what others do on the machine counts less than by the clock. */
import { completionData } from '../../src/data/random-matrix';
import { minimumNuclearNorm } from '../../src/solvers/nuclear-norm';
import { summarize, type Summary } from './statistics';

export interface ReferenceTime extends Summary {
  readonly name: string;
  readonly unit: 'processor seconds';
  /** Certified relative gap of the answer. */
  readonly gap: number;
}

const GAP = 1e-8;
const NUCLEAR = completionData({ kind: 'completion', rows: 50, columns: 50, rank: 3, observed: 1250, symmetric: false }, 1);

const REFERENCES: Readonly<Record<string, () => number>> = {
  'reference-nuclear-50': () => minimumNuclearNorm(NUCLEAR, { gap: GAP }).certificate.value,
};

export const referenceNames = (): string[] => Object.keys(REFERENCES);

export function timeReference(name: string, repetitions: number): ReferenceTime {
  const solve = REFERENCES[name];
  let gap = solve();
  const seconds: number[] = [];
  for (let k = 0; k < repetitions; k++) {
    const before = process.cpuUsage();
    gap = solve();
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
  }
  return { name, unit: 'processor seconds', ...summarize(seconds), gap };
}
