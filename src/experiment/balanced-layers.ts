/** Balanced layers (Arora, Cohen, Hazan 2018, Procedure 1): W_{l+1}ᵀW_{l+1} = W_lW_lᵀ, with a random product. */
import type { ParameterBlock } from '../models/model';
import type { RandomStream } from '../numerics/random';
import { svd } from '../numerics/svd';

/**
 * The product is α^k G = P S Qᵀ with G of independent normal entries of variance 1/max(rows, columns):
 * W_k = P S^{1/k}, W_l = S^{1/k}, W_1 = S^{1/k} Qᵀ, as far as the narrowest layer reaches.
 * A single block, and blocks that are no layers (one row each, say), are α G by themselves.
 */
export function setBalancedLayers(theta: Float64Array, blocks: readonly ParameterBlock[], scale: number, random: RandomStream): void {
  const chain = blocks.length > 1 && blocks.every((block, l) => l === 0 || block.columns === blocks[l - 1].rows);
  if (!chain) {
    for (const block of blocks) setBalanced(theta, [block], scale, random);
    return;
  }
  setBalanced(theta, blocks, scale, random);
}

function setBalanced(theta: Float64Array, layers: readonly ParameterBlock[], scale: number, random: RandomStream): void {
  const depth = layers.length;
  const rows = layers[depth - 1].rows;
  const columns = layers[0].columns;
  const deviation = 1 / Math.sqrt(Math.max(rows, columns));
  const { count, u, s, v } = svd(
    Float64Array.from({ length: rows * columns }, () => deviation * random.gaussian()),
    rows,
    columns,
  );
  const rank = Math.min(count, ...layers.map((layer) => Math.min(layer.rows, layer.columns)));
  layers.forEach((layer, l) => {
    for (let k = 0; k < rank; k++) {
      const size = scale * Math.pow(s[k], 1 / depth);
      for (let i = 0; i < layer.rows; i++) {
        const left = l === depth - 1 ? u[k * rows + i] : i === k ? 1 : 0;
        if (left === 0) continue;
        for (let j = 0; j < layer.columns; j++) {
          const right = l === 0 ? v[k * columns + j] : j === k ? 1 : 0;
          if (right !== 0) theta[layer.offset + i * layer.columns + j] += size * left * right;
        }
      }
    }
  });
}
