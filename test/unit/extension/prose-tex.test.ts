import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { proseMarkdown } from '../../../src/extension/prose-tex';
import { CATALOGUE } from '../../../src/theory/catalogue';

/** What is used of the typesetter of the editor's preview. */
const { renderToString } = createRequire(__filename)('katex') as {
  readonly renderToString: (tex: string, options: { readonly throwOnError: boolean; readonly strict: 'error' }) => string;
};

/** Mathematics that only ever stands between words. */
const MATHEMATICS = /[\p{Script=Greek}ℓℒ‖∇√∞→≤≥≠=<>^⁰-⁹₀-₉ᵢⱼₖᵀ′″]/u;

describe('sentences with mathematics', () => {
  for (const { id, statement } of CATALOGUE) {
    it(`are typeset in the statement of ${id}`, () => {
      const { tex, words } = partsOf(proseMarkdown(statement));
      for (const formula of tex) {
        assert.doesNotThrow(() => renderToString(formula, { throwOnError: true, strict: 'error' }), formula);
        assert.doesNotMatch(formula.replace(/\\[A-Za-z]+\*?(?:\{(?:arg(?:min|max)|tr|diag|span|sgn|sign|asinh)\})?/gu, ''), /[A-Za-z]{2}/u);
      }
      assert.deepEqual(
        words.split(' ').filter((word) => MATHEMATICS.test(word)),
        [],
      );
    });
  }

  const cases: readonly (readonly [string, string])[] = [
    ['a step of at most 2/η.', 'a step of at most $2 / \\eta$\\.'],
    ['x ↦ a w·x, from a start (u = v)', '$x \\mapsto a \\, w \\cdot x$, from a start \\($u = v$\\)'],
    ['the ℓ2 max-margin direction and the ℓp margin', 'the $\\ell_{2}$ max\\-margin direction and the $\\ell_{p}$ margin'],
    ['the ℓ2 max margin falls like 1/ln t', 'the $\\ell_{2}$ max margin falls like $1 / \\ln t$'],
    ['30 samples · rank 30', '30 samples · rank 30'],
    ['γ²ηTℒ(T) = 3 after T = 200\u202f000 steps', '$\\gamma^{2} \\eta T \\mathcal{L} ( T ) = 3$ after $T = 200\\,000$ steps'],
    ['rank 2 of a 4 × 3 matrix (Li, Luo, Lyu 2021)', 'rank 2 of a 4 × 3 matrix \\(Li, Luo, Lyu 2021\\)'],
    ['O(η³) a step; w_(L−1) = 1.3×10⁻⁵', '$O ( \\eta^{3} )$ a step; $w_{L - 1} = 1.3 \\times 10^{-5}$'],
    ['A bound on ‖w‖, A the map', 'A bound on $\\Vert w \\Vert$, A the map'],
    ['what → w ⊕ v, |w₁_j| = 1 says', 'what → w ⊕ v, \\|w₁\\_j\\| = 1 says'],
    ['min ‖w‖₁-like (hypentropy)', '$\\min \\Vert w \\Vert_{1}$\\-like \\(hypentropy\\)'],
    ['min ‖w‖₂ s.t. Xw = y, with its risk', '$\\min \\Vert w \\Vert_{2} \\text{ s.t. } X w = y$, with its risk'],
    ['η = 0.01 · stable', '$\\eta = 0.01$ · stable'],
    ['‖w‖ ≤ 2 · least, ½ · η', '$\\Vert w \\Vert \\le 2$ · least, $\\tfrac{1}{2} \\cdot \\eta$'],
    ['80 parameters · homogeneous', '80 parameters · homogeneous'],
    ['', ''],
  ];
  for (const [sentence, expected] of cases) {
    it(`write “${sentence}”`, () => assert.equal(closed(proseMarkdown(sentence)), closed(expected)));
  }

  it('take no markup, and no mathematics, from a text', () => {
    const { tex } = partsOf(proseMarkdown('$\\href{command:x}{y}$ costs $5, *a* [b](c) <i> `d` | _e_'));
    assert.deepEqual(tex, []);
    assert.equal(proseMarkdown('x\n# y'), 'x \\# y');
    assert.doesNotMatch(proseMarkdown('η\n\n<script>'), /[\n<]/u);
  });
});

/** What stands between dollars, and the rest. */
function partsOf(markdown: string): { readonly tex: readonly string[]; readonly words: string } {
  const pattern = /(?<!\\)\$((?:[^$\\]|\\.)*)\$/gu;
  return { tex: [...markdown.matchAll(pattern)].map(([, tex]) => tex), words: markdown.replace(pattern, ' ') };
}

/** Spaces of TeX are the reader's business. */
function closed(markdown: string): string {
  return markdown.replace(/\$[^$]*\$/gu, (tex) => tex.replace(/\s+/gu, ''));
}
