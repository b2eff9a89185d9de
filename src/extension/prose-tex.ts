/**
 * Sentences of the catalogue as Markdown in which the mathematics between the words is TeX. What is no mathematics for certain stays as it is
 * written, and nothing that stands in a text becomes markup.
 */
import { escapeMarkdown } from './escape-markdown';
import { formulaTex, isSymbol } from './formula-tex';

/**
 * What a word between two spaces is. An "article" may be the letter a, a "number" is one of the text unless mathematics is beside it, a "sign"
 * joins its neighbours.
 */
type Kind = 'symbol' | 'sign' | 'number' | 'article' | 'word';

const SIGN = /^(?:[=<>≤≥≠≈≪≲∈∝⪰~→↦⇒⇔+−±·×∘⊗/]|s\.t\.)$/u;
/** A mark after mathematics, or what makes an adjective of it: "ℓ1-like". */
const ENDS = /(?:[,;:.]|-like\)?)$/u;
const NUMBER = /^\d[\d\u202f]*(?:\.\d+)?$/u;
const OPENING = '([{⟨';
const CLOSING = ')]}⟩';

/** Inline Markdown of a sentence. */
export function proseMarkdown(text: string): string {
  const words = text.split(' ');
  const parts: string[] = [];
  for (let at = 0; at < words.length;) {
    const end = endOfRun(words, at);
    parts.push(end === at ? escapeMarkdown(words[at]) : runMarkdown(words.slice(at, end).join(' ')));
    at = Math.max(end, at + 1);
  }
  return parts.join(' ');
}

/** Where the mathematics that begins at a word ends; at the word itself where it begins none. */
function endOfRun(words: readonly string[], from: number): number {
  // With nothing before it, or nothing after it, a dot keeps parts of the sentence apart.
  if (words[from] === '·') return from;
  let end = from;
  let depth = 0;
  while (end < words.length) {
    const kind = kindOf(words[end], depth);
    if (kind === 'word') break;
    // "a" is an article unless a sign stands before it.
    if (kind === 'article' && (end === from || kindOf(words[end - 1], depth) !== 'sign')) break;
    depth += depthOf(words[end]);
    end += 1;
    if (depth <= 0 && ENDS.test(words[end - 1]) && words[end - 1] !== 's.t.') break;
  }
  // "the ℓ2 max margin": the name of a function without what it is of.
  while (end > from && /^(?:[A-Za-z]{2,}|·)$/u.test(words[end - 1])) end -= 1;
  return end;
}

function kindOf(word: string, depth: number): Kind {
  if (SIGN.test(word)) return 'sign';
  const core = word
    .replace(/^[([{]+/u, '')
    .replace(/[)\]},;:.]+$/u, '')
    .replace(/-like$/u, '');
  // "1e-12" is a number that TeX would take for a product.
  if (core === '' || /\de[+−-]?\d/u.test(core)) return 'word';
  if (NUMBER.test(core)) return 'number';
  if (/^[aA]$/u.test(core) && depth <= 0 && core === word) return 'article';
  return (core.match(/[A-Za-z]+/gu) ?? []).every(isSymbol) ? 'symbol' : 'word';
}

/** How many brackets a word leaves open; negative where it closes more. */
function depthOf(text: string): number {
  let depth = 0;
  for (const character of text) depth += OPENING.includes(character) ? 1 : CLOSING.includes(character) ? -1 : 0;
  return depth;
}

function runMarkdown(run: string): string {
  const [before, mathematics, after] = withoutPunctuation(run);
  const tex = saysSomething(mathematics) ? formulaTex(mathematics) : null;
  // Two statements, or words among the signs: the sentence says it better.
  if (tex?.length !== 1 || tex[0].replaceAll('\\text{ s.t. }', '').includes('\\text{')) return escapeMarkdown(run);
  return `${escapeMarkdown(before)}$${tex[0]}$${escapeMarkdown(after)}`;
}

/** A number, a mark, a point between two statements or the name of a function alone is part of the sentence. */
function saysSomething(mathematics: string): boolean {
  return !/^(?:[\d\s.,;:()%×·−-]|[A-Za-z]{2,})*$/u.test(mathematics) || /^(?:ln|log|\d+\/)\s*\S/u.test(mathematics);
}

/** What the sentence puts around mathematics: brackets without their partner, and marks at the end. */
function withoutPunctuation(run: string): readonly [before: string, mathematics: string, after: string] {
  let [from, to] = [0, run.length];
  for (;;) {
    const inside = run.slice(from, to);
    const depth = depthOf(inside);
    if (/[,;:.]$/u.test(inside)) to -= 1;
    else if (inside.endsWith('-like')) to -= '-like'.length;
    else if (depth > 0 && OPENING.includes(inside[0])) from += 1;
    else if (depth < 0 && CLOSING.includes(inside.at(-1) ?? ' ')) to -= 1;
    else if (depth === 0 && isBracketed(inside)) [from, to] = [from + 1, to - 1];
    else return [run.slice(0, from), inside, run.slice(to)];
  }
}

/** "(g = h)": the brackets belong to the sentence. */
function isBracketed(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  let depth = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    depth += depthOf(text[at]);
    if (depth === 0) return false;
  }
  return true;
}
