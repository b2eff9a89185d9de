/**
 * Formulas of the catalogue, plain text with Unicode mathematics, as TeX for the Markdown preview.
 * What is not understood for certain gives null: the formula is then shown as it is written.
 */

const RELATIONS: Readonly<Record<string, string>> = {
  '=': '=',
  '<': '\\lt',
  '>': '\\gt',
  '≤': '\\le',
  '≥': '\\ge',
  '≠': '\\ne',
  '≈': '\\approx',
  '≪': '\\ll',
  '≲': '\\lesssim',
  '∈': '\\in',
  '∝': '\\propto',
  '⪰': '\\succeq',
  '~': '\\sim',
  '→': '\\to',
  '↓': '\\downarrow',
  '↦': '\\mapsto',
  '⇒': '\\Rightarrow',
  '⇔': '\\Leftrightarrow',
};

const BINARY: Readonly<Record<string, string>> = {
  '+': '+',
  '−': '-',
  '-': '-',
  '±': '\\pm',
  '∓': '\\mp',
  '·': '\\cdot',
  '×': '\\times',
  '∘': '\\circ',
  '⊗': '\\otimes',
  '/': '/',
};

const LETTERS: Readonly<Record<string, string>> = {
  α: '\\alpha',
  β: '\\beta',
  γ: '\\gamma',
  δ: '\\delta',
  ε: '\\varepsilon',
  η: '\\eta',
  θ: '\\theta',
  κ: '\\kappa',
  λ: '\\lambda',
  μ: '\\mu',
  ν: '\\nu',
  ρ: '\\rho',
  σ: '\\sigma',
  τ: '\\tau',
  φ: '\\varphi',
  ψ: '\\psi',
  Λ: '\\Lambda',
  ℓ: '\\ell',
  ℒ: '\\mathcal{L}',
  '𝔼': '\\mathbb{E}',
  '∇': '\\nabla',
  '∂': '\\partial',
  '∞': '\\infty',
  '…': '\\dots',
  '⋯': '\\cdots',
  '½': '\\tfrac{1}{2}',
  '⅓': '\\tfrac{1}{3}',
  '⅔': '\\tfrac{2}{3}',
  '¼': '\\tfrac{1}{4}',
  '⅛': '\\tfrac{1}{8}',
};

const BIG: Readonly<Record<string, string>> = { Σ: '\\sum', Π: '\\prod', '∏': '\\prod', '∫': '\\int' };
const OPENING: Readonly<Record<string, string>> = { '(': '(', '[': '[', '{': '\\{', '⟨': '\\langle' };
const CLOSING: Readonly<Record<string, string>> = { ')': ')', ']': ']', '}': '\\}', '⟩': '\\rangle' };
const BARS: Readonly<Record<string, string>> = { '‖': '\\Vert', '|': '\\vert' };

const ACCENTS: Readonly<Record<string, string>> = { '\u0302': '\\hat', '\u0303': '\\tilde', '\u0304': '\\bar', '\u0307': '\\dot' };

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '⁰': '0',
  '¹': '1',
  '²': '2',
  '³': '3',
  '⁴': '4',
  '⁵': '5',
  '⁶': '6',
  '⁷': '7',
  '⁸': '8',
  '⁹': '9',
  '⁺': '+',
  '⁻': '-',
  ᵀ: '\\top',
  '*': '*',
  '†': '\\dagger',
  '⊥': '\\perp',
  '°': '\\circ',
};
const PRIMES: Readonly<Record<string, number>> = { '′': 1, '″': 2, '‴': 3, '⁗': 4 };
const SUBSCRIPTS: Readonly<Record<string, string>> = {
  '₀': '0',
  '₁': '1',
  '₂': '2',
  '₊': '+',
  '₋': '-',
  ᵢ: 'i',
  ⱼ: 'j',
  ₖ: 'k',
  ᵣ: 'r',
  ₜ: 't',
  ₓ: 'x',
  // The nuclear norm's star stands below.
  '∗': '*',
};

/** Operators whose conditions stand below them, and functions. */
const OPERATORS: Readonly<Record<string, string>> = {
  min: '\\min',
  max: '\\max',
  sup: '\\sup',
  lim: '\\lim',
  argmin: '\\operatorname*{argmin}',
  argmax: '\\operatorname*{argmax}',
  ln: '\\ln',
  log: '\\log',
  det: '\\det',
  tr: '\\operatorname{tr}',
  diag: '\\operatorname{diag}',
  span: '\\operatorname{span}',
  sgn: '\\operatorname{sgn}',
  sign: '\\operatorname{sign}',
  asinh: '\\operatorname{asinh}',
  Binomial: '\\operatorname{Binomial}',
};

/** Letters side by side that are a product and no word. */
const PRODUCTS = new Set(['Xw', 'Pw', 'AB', 'ab', 'xy', 'aw', 'aI', 'La', 'Mx', 'UU', 'WW', 'abx', 'cz', 'cW', 'cb', 'dt', 'dx', 'dm']);
const SHORT_WORDS = new Set([
  'an',
  'as',
  'at',
  'by',
  'in',
  'is',
  'it',
  'no',
  'of',
  'on',
  'or',
  'to',
  'up',
  'KKT',
  'SGD',
  'Fourier',
  'Bregman',
]);

/** Whether letters side by side are mathematics wherever they stand: one letter, a function, a product. */
export function isSymbol(letters: string): boolean {
  return letters.length === 1 || letters in OPERATORS || PRODUCTS.has(letters);
}

/** Lines of TeX, one a statement of the formula; null where a part of it is not understood. */
export function formulaTex(formula: string): readonly string[] | null {
  try {
    return statementsOf(formula).map((statement) => new Reader(statement).read());
  } catch (error) {
    if (error instanceof UnknownNotation) return null;
    throw error;
  }
}

class UnknownNotation extends Error {}

/** Statements are kept apart by a mark and two spaces; a relation between them keeps them together. */
function statementsOf(formula: string): readonly string[] {
  const statements: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < formula.length; at += 1) {
    if (formula[at] in OPENING) depth += 1;
    else if (formula[at] in CLOSING) depth -= 1;
    else if (depth === 0 && /^[,;:]\s{2,}/u.test(formula.slice(at))) {
      statements.push(formula.slice(from, at + 1));
      from = at + 1;
    }
  }
  return [...statements, formula.slice(from)].map((statement) => statement.trim()).filter((statement) => statement !== '');
}

type Kind = 'start' | 'atom' | 'operator' | 'relation' | 'open' | 'bar' | 'text' | 'mark';

/** Reads one statement from left to right. Characters are code points. */
class Reader {
  private readonly characters: readonly string[];
  private at = 0;
  private before: Kind = 'start';

  constructor(statement: string) {
    // Accents are split from their letters, and nothing else: "≠" stays one sign.
    this.characters = [...statement].flatMap((character) => (/\p{L}/u.test(character) ? [...character.normalize('NFD')] : [character]));
  }

  read(): string {
    const tex = this.until(null);
    if (this.at < this.characters.length) throw new UnknownNotation(this.characters[this.at]);
    return tex;
  }

  /** Up to a closing bracket that is not part of it, or to the end. */
  private until(closing: string | null): string {
    const parts: string[] = [];
    const open: string[] = [];
    for (;;) {
      const spaces = this.skipSpaces();
      const character = this.peek();
      if (character === undefined) {
        if (closing !== null) throw new UnknownNotation('an open bracket');
        break;
      }
      if (character === closing && open.length === 0) break;
      if (character in OPENING) open.push(character);
      else if (character in CLOSING && open.pop() === undefined) throw new UnknownNotation(character);
      const { before } = this;
      const { tex, kind } = this.piece(spaces > 0);
      if (spaces > 1) parts.push('\\quad');
      else if (spaces === 1 && ends(before) && (kind === 'atom' || kind === 'bar')) parts.push('\\,');
      parts.push(tex);
      this.before = kind;
    }
    if (open.length > 0) throw new UnknownNotation(open[0]);
    return parts.join(' ');
  }

  private piece(spaced: boolean): { readonly tex: string; readonly kind: Kind } {
    const character = this.characters[this.at];
    if (/[A-Za-z]/u.test(character)) return this.letters(spaced);
    if (character in RELATIONS) return this.one(RELATIONS[character], 'relation');
    if (character in BINARY) return this.one(this.sign(BINARY[character]), 'operator');
    if (character in OPENING) return this.one(OPENING[character], 'open');
    if (character in CLOSING) return { tex: this.withScripts(this.take(CLOSING)), kind: 'atom' };
    if (character in BARS) {
      // "E[X | X > t]": a bar with air on both sides divides.
      if (character === '|' && spaced && this.characters[this.at + 1] === ' ') return this.one('\\mid', 'relation');
      return { tex: this.withScripts(this.take(BARS)), kind: 'bar' };
    }
    if (character in BIG) return this.big(character);
    if (character === '√') return this.root();
    if (character === '#') return this.one('\\#', 'operator');
    if (character === ',' || character === ';') return this.one(character, 'mark');
    if (character === ':') return this.one(spaced ? ':' : '\\colon', 'mark');
    if (character in LETTERS || /\d/u.test(character)) return { tex: this.atom(), kind: 'atom' };
    throw new UnknownNotation(character);
  }

  /** A sign in front of a number is no difference: it stands close. */
  private sign(tex: string): string {
    return tex === '-' && !ends(this.before) ? '{-}' : tex;
  }

  private one(tex: string, kind: Kind): { readonly tex: string; readonly kind: Kind } {
    this.at += 1;
    return { tex, kind };
  }

  /** Σ is a sum in front of what is summed, and a matrix elsewhere. */
  private big(character: string): { readonly tex: string; readonly kind: Kind } {
    const after = this.characters
      .slice(this.at + 1)
      .join('')
      .replace(/^_\S/u, '')
      .trimStart();
    const factor = this.before === 'atom' && /[A-Za-z]/u.test(this.characters[this.at - 1] ?? '');
    if (character === 'Σ' && (factor || after === '' || /^[)\]},;=≤≥<>]/u.test(after))) {
      this.at += 1;
      return { tex: this.withScripts('\\Sigma'), kind: 'atom' };
    }
    this.at += 1;
    return { tex: this.withScripts(BIG[character]), kind: 'operator' };
  }

  private root(): { readonly tex: string; readonly kind: Kind } {
    this.at += 1;
    const inside = this.peek() === '(' ? this.group() : this.atom();
    return { tex: `\\sqrt{${inside}}`, kind: 'atom' };
  }

  /** A letter, a number or a constant, with accents and scripts. */
  private atom(): string {
    const character = this.peek();
    if (character === undefined) throw new UnknownNotation('the end');
    if (/\d/u.test(character)) return this.withScripts(this.number());
    if (!(character in LETTERS) && !/[A-Za-z]/u.test(character)) throw new UnknownNotation(character);
    this.at += 1;
    // "ℓ2", "ℓp": the name of a norm.
    if (character === 'ℓ' && /^[\dp]$/u.test(this.peek() ?? '')) return `\\ell_{${this.bare()}}`;
    return this.withScripts(this.accented(LETTERS[character] ?? character));
  }

  private number(): string {
    let digits = '';
    // Groups of digits are kept apart by a narrow space.
    while (/^[\d.\u202f]$/u.test(this.peek() ?? '')) digits += this.next().replace('\u202f', '\\,');
    return digits;
  }

  private accented(letter: string): string {
    let tex = letter;
    for (let mark = this.peek(); mark !== undefined && mark in ACCENTS; mark = this.peek()) {
      tex = `${ACCENTS[mark]}{${tex}}`;
      this.at += 1;
    }
    return tex;
  }

  /** One letter, a product, an operator, or words as far as they go. */
  private letters(spaced: boolean): { readonly tex: string; readonly kind: Kind } {
    const words = this.words();
    if (words !== null) {
      this.at += [...words].length;
      const after = this.peek() === ' ' ? ' ' : '';
      const before = spaced && this.before !== 'start' && this.before !== 'relation' ? ' ' : '';
      // A line may end between two words, as in a sentence.
      const text = `\\text{${before}${words.replaceAll(' ', ' }\\allowbreak\\text{')}${after}}`;
      return { tex: after === '' ? this.withScripts(text) : text, kind: 'text' };
    }
    const run = this.run(this.at);
    if (run.length === 1) return { tex: this.atom(), kind: 'atom' };
    if (run in OPERATORS) {
      this.at += run.length;
      return { tex: this.withScripts(OPERATORS[run]), kind: 'operator' };
    }
    // An accent or a script belongs to the last letter.
    if (PRODUCTS.has(run)) return { tex: Array.from(run, () => this.atom()).join(' '), kind: 'atom' };
    throw new UnknownNotation(run);
  }

  /** English at the reader's place: "s.t.", "over", "a global optimum of any width"; null where it is mathematics. */
  private words(): string | null {
    const rest = this.characters.slice(this.at).join('');
    const found = /^(?:s\.t\.|[A-Za-z]+)(?: (?:s\.t\.|[A-Za-z]+)(?![A-Za-z]))*/u.exec(rest)?.[0].split(' ') ?? [];
    const isWordAt = (index: number): boolean =>
      isWord(found[index]) || (found[index] === 'a' && index + 1 < found.length && isWord(found[index + 1]));
    let count = 0;
    while (count < found.length && isWordAt(count)) count += 1;
    return count === 0 ? null : found.slice(0, count).join(' ');
  }

  private run(from: number): string {
    return /^[A-Za-z]+/u.exec(this.characters.slice(from).join(''))?.[0] ?? '';
  }

  /** What hangs on a base: "w*", "β̂_k", "x²", "‖w‖∞", "Wₖ₊₁ᵀ", "t^(2/k)". */
  private withScripts(base: string): string {
    let tex = base;
    let [above, below] = ['', ''];
    const settle = (): void => {
      tex = `${tex}${below === '' ? '' : `_{${below}}`}${above === '' ? '' : `^{${above}}`}`;
      [above, below] = ['', ''];
    };
    const raise = (script: string): void => {
      // A power of something primed or starred is a power of the whole.
      if (above !== '') {
        settle();
        tex = `{${tex}}`;
      }
      above = script;
    };
    for (;;) {
      const character = this.peek();
      if (character === undefined) break;
      if (character in PRIMES) raise('\\prime '.repeat(PRIMES[this.next()]).trim());
      else if (/^[*†⊥°ᵀ]$/u.test(character)) raise(SUPERSCRIPTS[this.next()]);
      else if (character in SUPERSCRIPTS) raise(this.series(SUPERSCRIPTS));
      else if (character === '^') {
        this.at += 1;
        raise(this.peek() === '(' || this.peek() === '{' ? this.group() : this.bare());
      } else {
        const script = this.lowered(base);
        if (script === null) break;
        if (below !== '') throw new UnknownNotation('two subscripts');
        below = script;
      }
    }
    settle();
    return tex;
  }

  /** A subscript, null where there is none. */
  private lowered(base: string): string | null {
    const character = this.characters[this.at];
    if (character in SUBSCRIPTS) return this.series(SUBSCRIPTS);
    // "θ∞", "‖w‖∞": the infinity that touches what is before it.
    if (character === '∞' && !(base in OPENING)) {
      this.at += 1;
      return '\\infty';
    }
    if (character !== '_') return null;
    this.at += 1;
    if (this.peek() === '{' || this.peek() === '(') return this.group();
    if (this.peek() === '*') return SUPERSCRIPTS[this.next()];
    const run = this.run(this.at);
    if (run === 'max' || run === 'min' || run === 'flow') {
      this.at += run.length;
      return run === 'flow' ? '\\text{flow}' : OPERATORS[run];
    }
    if (run.length > 1) throw new UnknownNotation(run);
    const set = this.bare();
    // The complement of the set below, not of what it stands at.
    if (this.peek() !== 'ᶜ') return set;
    this.at += 1;
    return `${set}^{c}`;
  }

  /** One sign of a script, without scripts of its own. */
  private bare(): string {
    const character = this.peek();
    if (character === undefined) throw new UnknownNotation('the end');
    if (/\d/u.test(character)) return this.number();
    if (!(character in LETTERS) && !/[A-Za-z]/u.test(character)) throw new UnknownNotation(character);
    this.at += 1;
    return this.accented(LETTERS[character] ?? character);
  }

  private series(signs: Readonly<Record<string, string>>): string {
    let script = '';
    for (;;) {
      const character = this.peek();
      // "‖A‖₂,₁": the mixed norm.
      const comma = character === ',' && signs === SUBSCRIPTS && (this.characters[this.at + 1] ?? '') in SUBSCRIPTS;
      if (character === undefined || !(comma || character in signs) || /^[*†⊥°ᵀ]$/u.test(character)) return script;
      script += comma ? ',' : signs[character];
      this.at += 1;
    }
  }

  /** The inside of a bracket, which the typesetting makes superfluous. */
  private group(): string {
    const closing = this.next() === '(' ? ')' : '}';
    const { before } = this;
    this.before = 'start';
    const inside = this.until(closing);
    this.at += 1;
    this.before = before;
    return inside;
  }

  private take(table: Readonly<Record<string, string>>): string {
    return table[this.next()];
  }

  private next(): string {
    return this.characters[this.at++];
  }

  private peek(): string | undefined {
    return this.characters.at(this.at) ?? undefined;
  }

  private skipSpaces(): number {
    const from = this.at;
    while (this.peek() === ' ') this.at += 1;
    return this.at - from;
  }
}

/** Whether something stands there that a difference can be taken from. */
function ends(kind: Kind): boolean {
  return kind === 'atom' || kind === 'bar';
}

function isWord(letters: string): boolean {
  if (letters === 's.t.' || SHORT_WORDS.has(letters)) return true;
  return /^[a-z]{3,}$/u.test(letters) && !(letters in OPERATORS) && !PRODUCTS.has(letters);
}
