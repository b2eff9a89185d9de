/** Where a classifier of two features draws the line: the samples, the trained boundary with its margin lines, and those of the references. */
import type { Dataset } from '../data/dataset';
import { levelLines, type Grid, type Polylines } from '../numerics/contour';
import type { Figure, FigureSeries, Reference } from '../protocol/report';
import type { Situation, Trained } from '../theory/result';
import { inWords } from '../theory/wording';

/** Nodes of the grid a side, on which a function that is not linear is looked at. */
const NODES = 81;
/** The picture goes on beyond the samples by this share of their width. */
const BEYOND = 0.15;
/** Samples whose margin is at most so much larger than the smallest one count as its support. */
const SUPPORT = 0.05;
/** Samples drawn at most. */
const MOST_SAMPLES = 4000;

/** K outputs at the nodes of the grid, or at samples. */
type Outputs = (x: Float64Array, rows: number) => Float64Array;

/** Empty for anything but classification by two features. */
export function boundaryFigure(situation: Situation, trained: Trained, references: readonly Reference[]): readonly Figure[] {
  const { data, model, loss } = situation;
  const raw = data.before?.data ?? data;
  if (!loss.onMargins && model.outputsPerSample === 1) return [];
  if (raw.features !== 2 || raw.matrix !== undefined) return [];
  const grid = gridOf(raw);
  if (grid === null) return [];
  const K = model.outputsPerSample;
  const outputs: Outputs = (x, rows) => {
    const out = new Float64Array(rows * K);
    model.outputsOn(trained.parameters, data.before?.map(x, rows) ?? x, rows, out);
    return out;
  };
  // With one feature map between, a predictor is no line in the plane of the inputs.
  const line = data.before === undefined && K === 1 ? trained.predictor : null;
  const nodes = nodesOf(grid);
  const drawn = (name: string, w: Float64Array | null, f: Float64Array | null, level: number): FigureSeries[] =>
    lineSeries(name, w !== null ? lineInBox(w, level, grid) : levelLines(f as Float64Array, grid, level));

  const series: FigureSeries[] = samplesOf(raw, K);
  const own = line === null ? outputs(nodes, NODES * NODES) : null;
  const found = K === 1 ? marginsOf(raw, outputs(raw.x, raw.samples)) : null;
  if (K === 1) series.push(...drawn('trained, f = 0', line, own, 0));
  else if (own !== null) series.push(...lineSeries('trained', classBoundaries(own, K, grid)));
  for (const { id, role, predictor } of references) {
    const name = role === 'predicted' ? 'predicted' : `compared: ${id}`;
    const w = predictor === null ? null : Float64Array.from(predictor);
    if (w === null || (w.length !== data.features * K && w.length !== (data.features + 1) * K)) continue;
    if (data.before === undefined && K === 1) series.push(...drawn(name, w, null, 0));
    else {
      const seen = data.before?.map(nodes, NODES * NODES) ?? nodes;
      const f = linearOutputs(w, seen, NODES * NODES, data.features, K);
      series.push(...lineSeries(name, K === 1 ? levelLines(f, grid, 0) : classBoundaries(f, K, grid)));
    }
  }
  // Last what only a boundary that separates has: nothing else changes its look when it comes.
  if (found !== null && found.smallest > 0) {
    const edges = [found.smallest, -found.smallest].flatMap((level) => drawn('trained, margin', line, own, level));
    series.push(...joined('trained, margin', edges), ringed(raw, found.support));
  }
  const [first, second] = raw.featureNames ?? ['x₁', 'x₂'];
  return [
    {
      kind: 'chart',
      id: 'boundary',
      title: 'Decision boundary over the samples',
      says: found !== null ? saysOf(found, raw, line, references) : saysOfClasses(raw, outputs(raw.x, raw.samples), K),
      x: { label: first, scale: 'linear' },
      y: { label: second, scale: 'linear' },
      sameUnits: true,
      series,
    },
  ];
}

/** A square around the samples; null where they are not finite or all at one place. */
function gridOf({ x, samples }: Dataset): Grid | null {
  const range = [0, 1].map((feature) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < samples; i++) {
      low = Math.min(low, x[2 * i + feature]);
      high = Math.max(high, x[2 * i + feature]);
    }
    return { middle: (low + high) / 2, width: high - low };
  });
  const half = (Math.max(range[0].width, range[1].width) / 2) * (1 + 2 * BEYOND);
  if (!(half > 0 && half < Infinity)) return null;
  const [across, up] = range.map(({ middle }) => ({ from: middle - half, step: (2 * half) / (NODES - 1) }));
  return { rows: NODES, columns: NODES, x: across, y: up };
}

function nodesOf({ x, y }: Grid): Float64Array {
  const nodes = new Float64Array(2 * NODES * NODES);
  for (let k = 0; k < NODES * NODES; k++) {
    nodes[2 * k] = x.from + x.step * (k % NODES);
    nodes[2 * k + 1] = y.from + y.step * Math.floor(k / NODES);
  }
  return nodes;
}

function samplesOf({ x, y, samples }: Dataset, outputs: number): FigureSeries[] {
  const classes = outputs === 1 ? [1, -1] : Array.from({ length: outputs }, (_, k) => k);
  const shown = Math.min(samples, MOST_SAMPLES);
  return classes.map((label): FigureSeries => {
    const own = Array.from({ length: shown }, (_, i) => i).filter((i) => y[i] === label);
    const name = outputs === 1 ? `class ${label > 0 ? '+1' : '−1'}` : `class ${label}`;
    return { name, style: 'points', x: own.map((i) => x[2 * i]), y: own.map((i) => x[2 * i + 1]) };
  });
}

interface Margins {
  readonly smallest: number;
  /** Samples near the smallest margin. */
  readonly support: readonly number[];
  /** On the wrong side, or on the boundary. */
  readonly wrong: number;
}

function marginsOf({ y, samples }: Dataset, outputs: Float64Array): Margins {
  const margins = Array.from({ length: samples }, (_, i) => y[i] * outputs[i]);
  const smallest = margins.reduce((least, margin) => Math.min(least, margin), Infinity);
  return {
    smallest,
    support: margins.flatMap((margin, i) => (margin <= (1 + SUPPORT) * smallest ? [i] : [])),
    wrong: margins.reduce((count, margin) => count + (margin > 0 ? 0 : 1), 0),
  };
}

function ringed({ x }: Dataset, samples: readonly number[]): FigureSeries {
  const shown = samples.slice(0, MOST_SAMPLES);
  return {
    name: 'at the smallest margin',
    style: 'rings',
    x: shown.map((i) => x[2 * i]),
    y: shown.map((i) => x[2 * i + 1]),
  };
}

/** {x : w·x + b = level} within the square of the grid; b is the third entry where there is one. */
function lineInBox(w: Float64Array, level: number, { x, y }: Grid): Polylines {
  const [a, b] = w;
  const c = level - (w.length > 2 ? w[2] : 0);
  const [left, right] = [x.from, x.from + x.step * (NODES - 1)];
  const [low, high] = [y.from, y.from + y.step * (NODES - 1)];
  const steep = Math.abs(a) > Math.abs(b);
  if (!(Math.max(Math.abs(a), Math.abs(b)) > 0)) return { x: [], y: [] };
  // From side to side along the axis that the line does not follow, then cut where it leaves the square.
  const at = (t: number): readonly [number, number] => (steep ? [(c - b * t) / a, t] : [t, (c - a * t) / b]);
  const [from, to] = steep ? [low, high] : [left, right];
  const [p, q] = steep ? [left, right] : [low, high];
  const other = steep ? 0 : 1;
  const [start, end] = [at(from)[other], at(to)[other]];
  const shares = [0, 1];
  if (start !== end) {
    const cuts = [(p - start) / (end - start), (q - start) / (end - start)].sort((m, n) => m - n);
    shares[0] = Math.max(0, cuts[0]);
    shares[1] = Math.min(1, cuts[1]);
  } else if (start < p || start > q) return { x: [], y: [] };
  if (!(shares[0] < shares[1])) return { x: [], y: [] };
  const ends = shares.map((share) => at(from + (to - from) * share));
  return { x: ends.map((point) => point[0]), y: ends.map((point) => point[1]) };
}

/** Between every two classes that are first and second somewhere. */
function classBoundaries(f: Float64Array, K: number, grid: Grid): Polylines {
  const all: Polylines = { x: [], y: [] };
  const lead = new Float64Array(NODES * NODES);
  for (let one = 0; one + 1 < K; one++) {
    // Of class `one` over the best of those that follow, where no class before it leads: each boundary is met once.
    for (let node = 0; node < lead.length; node++) {
      let [before, after] = [-Infinity, -Infinity];
      for (let k = 0; k < K; k++) {
        if (k < one) before = Math.max(before, f[node * K + k]);
        else if (k > one) after = Math.max(after, f[node * K + k]);
      }
      lead[node] = before > Math.max(f[node * K + one], after) ? Number.NaN : f[node * K + one] - after;
    }
    const { x, y } = levelLines(lead, grid, 0);
    if (x.length > 0 && all.x.length > 0) {
      all.x.push(Number.NaN);
      all.y.push(Number.NaN);
    }
    all.x.push(...x);
    all.y.push(...y);
  }
  return all;
}

/** β·x̃ for K rows β, with a constant as the last entry of x̃ where β has one more. */
function linearOutputs(w: Float64Array, x: Float64Array, rows: number, features: number, K: number): Float64Array {
  const width = w.length / K;
  return Float64Array.from({ length: rows * K }, (_, at) => {
    const [i, k] = [Math.floor(at / K), at % K];
    let sum = width > features ? w[k * width + features] : 0;
    for (let j = 0; j < features; j++) sum += w[k * width + j] * x[i * features + j];
    return sum;
  });
}

function lineSeries(name: string, { x, y }: Polylines): FigureSeries[] {
  return x.length === 0 ? [] : [{ name, style: 'line', x, y, pieces: true }];
}

function joined(name: string, parts: readonly FigureSeries[]): FigureSeries[] {
  const x = parts.flatMap((part, k) => [...(k > 0 ? [Number.NaN] : []), ...part.x]);
  const y = parts.flatMap((part, k) => [...(k > 0 ? [Number.NaN] : []), ...part.y]);
  return lineSeries(name, { x, y });
}

function saysOf(
  { smallest, support, wrong }: Margins,
  { samples }: Dataset,
  line: Float64Array | null,
  references: readonly Reference[],
): string {
  const separates =
    wrong > 0
      ? `The trained boundary f(x) = 0 has ${wrong} of ${samples} samples on the wrong side.`
      : `The trained boundary f(x) = 0 separates all ${samples} samples; the smallest margin yᵢf(xᵢ) is ${inWords(smallest)}, ` +
        `and within ${100 * SUPPORT} % of it ${support.length === 1 ? 'is 1 sample, ringed' : `are ${support.length} samples, ringed`}.`;
  const w = references.find(({ role }) => role === 'predicted')?.predictor;
  if (line === null || w == null || w.length !== line.length) return separates;
  // In the plane: what the eye sees between the two lines.
  const angle = Math.abs(Math.atan2(line[0] * w[1] - line[1] * w[0], line[0] * w[0] + line[1] * w[1]));
  return `${separates} It is turned by ${inWords((angle * 180) / Math.PI)}° against the predicted one.`;
}

function saysOfClasses({ y, samples }: Dataset, outputs: Float64Array, K: number): string {
  let right = 0;
  for (let i = 0; i < samples; i++) {
    let best = 0;
    for (let k = 1; k < K; k++) if (outputs[i * K + k] > outputs[i * K + best]) best = k;
    if (best === y[i]) right++;
  }
  return `The trained boundaries between ${K} classes have ${right} of ${samples} samples on the right side.`;
}
