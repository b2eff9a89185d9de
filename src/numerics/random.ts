/**
 * Named random streams. The state of a stream depends on (seed, name) alone, so drawing more from one,
 * or adding another, shifts none. Every number is made by integer operations, +, −, ×, ÷ and √,
 * which IEEE 754 rounds in one way only: the same seed gives the same bits on every machine.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { textHash } from './text-hash';

export interface RandomStream {
  /** Uniform on the multiples of 2⁻⁵³ in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  gaussian(): number;
  /** Uniform on 0 … n − 1 for 1 ≤ n ≤ 2³². */
  integer(n: number): number;
  /** −1 or +1 with equal chances. */
  sign(): -1 | 1;
  /** Permutes in place, every order equally likely (Fisher–Yates). */
  shuffle(items: Int32Array): void;
}

/**
 * @param seed integer 0 … 2⁵³ − 1; different seeds have different states under every name
 * @param name what the stream is for: "data", "init", "batches"
 */
export function randomStream(seed: number, name: string): RandomStream {
  return new XoroshiroStream(xoroshiro128plusFromState(stateOf(seed, name)));
}

/** The state of xoroshiro128+ in which a stream begins, four signed words: for programs in other languages that draw the same numbers. */
export function streamState(seed: number, name: string): readonly number[] {
  return stateOf(seed, name);
}

class XoroshiroStream implements RandomStream {
  private spare = NaN;

  constructor(private readonly generator: RandomGenerator) {}

  uniform(): number {
    // The low bits of xoroshiro128+ are its weak ones: take the high ones of both words.
    const high = this.generator.next() >>> 5;
    const low = this.generator.next() >>> 6;
    return (high * 0x4000000 + low) * 2 ** -53;
  }

  /** Marsaglia's polar method (Marsaglia and Bray 1964). */
  gaussian(): number {
    if (this.spare === this.spare) {
      const value = this.spare;
      this.spare = NaN;
      return value;
    }
    for (;;) {
      const a = 2 * this.uniform() - 1;
      const b = 2 * this.uniform() - 1;
      const s = a * a + b * b;
      if (s >= 1 || s === 0) continue;
      const f = Math.sqrt((-2 * portableLog(s)) / s);
      this.spare = b * f;
      return a * f;
    }
  }

  integer(n: number): number {
    const bucket = Math.floor(0x100000000 / n);
    for (;;) {
      const k = Math.floor((this.generator.next() >>> 0) / bucket);
      if (k < n) return k;
    }
  }

  sign(): -1 | 1 {
    return this.generator.next() < 0 ? -1 : 1;
  }

  shuffle(items: Int32Array): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const t = items[i];
      items[i] = items[j];
      items[j] = t;
    }
  }
}

/**
 * 128 bits from the seed's 53 and a 64-bit hash of the name, mixed by ChaCha quarter rounds (Bernstein 2008).
 * A quarter round is a bijection, so different (seed, hash) have different states.
 */
function stateOf(seed: number, name: string): readonly number[] {
  const state = Int32Array.of(seed | 0, Math.floor(seed / 0x100000000) | 0, textHash(name, 0x811c9dc5), textHash(name, 0x1b873593));
  for (let round = 0; round < 10; round++) {
    quarterRound(state, 0, 1, 2, 3);
    quarterRound(state, 1, 2, 3, 0);
    state[0] = (state[0] + 0x61707865 + round) | 0;
  }
  // The one state that xoroshiro never leaves.
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
  return Array.from(state);
}

function quarterRound(x: Int32Array, a: number, b: number, c: number, d: number): void {
  x[a] += x[b];
  x[d] = rotate(x[d] ^ x[a], 16);
  x[c] += x[d];
  x[b] = rotate(x[b] ^ x[c], 12);
  x[a] += x[b];
  x[d] = rotate(x[d] ^ x[a], 8);
  x[c] += x[d];
  x[b] = rotate(x[b] ^ x[c], 7);
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/**
 * ln x for 2⁻¹⁰² ≤ x < 1 from arithmetic alone (`Math.log` may differ in its last bit between machines):
 * x = 2ᵏm with m in [√½, √2), ln m = 2 artanh((m − 1)/(m + 1)) by its series, whose first omitted term is below 2⁻⁵⁷ of the sum.
 */
function portableLog(x: number): number {
  let m = x;
  let k = 0;
  while (m < 2 ** -16) {
    m *= 2 ** 16;
    k -= 16;
  }
  while (m < Math.SQRT1_2) {
    m *= 2;
    k -= 1;
  }
  const f = (m - 1) / (m + 1);
  const f2 = f * f;
  let series = 0;
  for (let power = 23; power >= 1; power -= 2) series = series * f2 + 1 / power;
  return k * Math.LN2 + 2 * f * series;
}
