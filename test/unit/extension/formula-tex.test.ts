import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { formulaTex } from '../../../src/extension/formula-tex';
import { CATALOGUE } from '../../../src/theory/catalogue';

/** What is used of the typesetter of the editor's preview. */
const { renderToString } = createRequire(__filename)('katex') as {
  readonly renderToString: (tex: string, options: { readonly throwOnError: boolean; readonly strict: 'error' }) => string;
};

/** Results whose formula is shown as it is written, because it cannot be typeset for certain. */
const AS_WRITTEN: readonly string[] = [];

/** Forms that a formula takes on a particular file. */
const PARTICULAR = [
  'w(∞) = argmin D_Q(w, w(0)) s.t. Xw = y,  ∇Q(w)ᵢ = asinh(wᵢ/2cᵢ), cᵢ = √(AᵢBᵢ), A, B = Σ(u ± v)²/4 at the start (one product: 2c = |u² − v²|/2)',
  'w(∞) = argmin D_Q(w, w(0)) s.t. Xw = y, the Bregman divergence of the potential that the flow of (u, v) integrates to',
  'w(∞) = argmin Q(w) s.t. Xw = y,  Q(w) = α³ Σ q(wᵢ/α³),  q = ∫ h⁻¹,  h(z) = (1−z)^(−3/1) − (1+z)^(−3/1)',
  'W(∞) = argmin Σ xᵢ − (3/2) α xᵢ^(2/3) s.t. ⟨A, W⟩ = y,  x the eigenvalues of W ⪰ 0;  α → 0: argmin ‖W‖∗',
  'nothing is known',
];

describe('formulas as TeX', () => {
  for (const { id, formula } of CATALOGUE) {
    it(`typesets that of ${id}`, () => {
      const lines = formulaTex(formula);
      assert.equal(lines === null, AS_WRITTEN.includes(id));
      for (const line of lines ?? []) accepts(line);
    });
  }

  it('typesets what a formula becomes on a particular file', () => {
    for (const formula of PARTICULAR) {
      const lines = formulaTex(formula);
      assert.ok(lines, formula);
      lines.forEach(accepts);
    }
  });

  it('keeps every letter and digit of the catalogue, in its order', () => {
    // Scripts may change places, and fractions are written out: what is counted are the plain ones.
    for (const { formula } of CATALOGUE) {
      const lines = formulaTex(formula);
      assert.ok(lines);
      const shown = lines.map(textOf).join(' ');
      for (const plain of new Set(formula.match(/[A-Za-z\d]/gu))) {
        const count = (text: string): number => text.split(plain).length - 1;
        assert.ok(count(shown) >= count(formula), `${plain} in ${formula}: ${shown}`);
      }
    }
  });

  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['w(∞) = argmin ‖w − w(0)‖₂ s.t. Xw = y', ['w(\\infty)=\\operatorname*{argmin}\\Vert w-w(0)\\Vert_{2}\\text{ s.t. }Xw=y']],
    ['f → 0,  W_L^(2/k) ≥ √(x² + δ²/4)', ['f\\to0,', 'W_{L}^{2/k}\\ge\\sqrt{x^{2}+\\delta^{2}/4}']],
    ['f‴² + w* + ŵ_1 − β̂ₖ', ['{f^{\\prime\\prime\\prime}}^{2}+w^{*}+\\hat{w}_{1}-\\hat{\\beta}_{k}']],
    ['Σᵢ Hᵢ² = tr(HΣ_g), λ_max(Σ)', ['\\sum_{i}H_{i}^{2}=\\operatorname{tr}(H\\Sigma_{g}),\\lambda_{\\max}(\\Sigma)']],
    ['E[X | X>t], |x| ‖b_Tᶜ‖²', ['E[X\\midX\\gtt],\\vert x\\vert\\,\\Vert b_{T^{c}}\\Vert^{2}']],
    ['a KKT point, a yᵢ ≥ 0', ['\\text{a }\\allowbreak\\text{KKT }\\allowbreak\\text{point},a\\,y_{i}\\ge0']],
  ];
  for (const [formula, expected] of cases) {
    it(`writes ${formula}`, () => {
      assert.deepEqual(formulaTex(formula)?.map(closed), expected.map(closed));
    });
  }

  it('refuses what it does not know', () => {
    for (const formula of ['x ⊕ y', 'XYZ = 1', '(a + b', 'a)', 'x_', '$x$', 'x\\alpha', 'w_iᵢ'])
      assert.equal(formulaTex(formula), null, formula);
  });
});

function accepts(tex: string): void {
  // As in the editor's preview, where an error would stand in red.
  assert.doesNotThrow(() => renderToString(tex, { throwOnError: true, strict: 'error' }), tex);
}

/** What is read, without the commands. */
function textOf(tex: string): string {
  return tex
    .replace(/\\tfrac\{(\d)\}\{(\d)\}/gu, '')
    .replace(/\\operatorname\*?\{(\w+)\}|\\(min|max|sup|lim|ln|log|det)(?![A-Za-z])/gu, '$1$2')
    .replace(/\\[A-Za-z]+/gu, '');
}

function closed(tex: string): string {
  return tex.replace(/\\text\{[^}]*\}|\s+/gu, (found) => (found.startsWith('\\') ? found : ''));
}
