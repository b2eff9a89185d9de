/** Hidden units that are inactive on every sample, and samples on which no unit is active: both have no gradient to leave by. */
import type { Situation } from './result';

export interface Idle {
  /** Units of the only hidden layer with σ(w·x) = σ′(w·x) = 0 on every sample. */
  readonly units: readonly number[];
  readonly hidden: number;
  /** Samples on which every unit is so. */
  readonly samples: readonly number[];
}

const NONE: Idle = { units: [], hidden: 0, samples: [] };

/** Of networks with one hidden ReLU layer; nothing is idle in others. */
export function idleUnits({ model, data }: Situation, theta: Float64Array): Idle {
  const first = model.blocks.find(({ name }) => name === 'W1');
  if (model.kind !== 'network' || model.kinks?.slope !== 0 || model.kinks.hiddenLayers !== 1 || first === undefined) return NONE;
  const bias = model.blocks.find(({ name }) => name === 'b1');
  const { rows: hidden, columns: width, offset } = first;
  const active = new Uint8Array(hidden);
  const samples: number[] = [];
  for (let i = 0; i < data.samples; i++) {
    let any = false;
    for (let j = 0; j < hidden; j++) {
      let z = bias === undefined ? 0 : theta[bias.offset + j];
      for (let c = 0; c < width; c++) z += theta[offset + j * width + c] * data.x[i * width + c];
      if (z > 0) {
        active[j] = 1;
        any = true;
      }
    }
    if (!any) samples.push(i);
  }
  return { units: Array.from(active.keys()).filter((j) => active[j] === 0), hidden, samples };
}

/** One sentence; empty where nothing is idle. */
export function idleInWords({ units, hidden, samples }: Idle): string {
  const parts: string[] = [];
  if (units.length > 0) parts.push(`${units.length} of ${hidden} units ${units.length === 1 ? 'is' : 'are'} inactive on every sample`);
  if (samples.length > 0) {
    const shown = samples.slice(0, 5).join(', ');
    parts.push(`no unit is active on ${samples.length === 1 ? 'sample' : 'samples'} ${shown}${samples.length > 5 ? ', …' : ''}`);
  }
  return parts.length === 0 ? '' : `${parts.join(', and ')}.`;
}
