/** Helpers for tests of diagnostics: files of a few words, and what a fix makes of them. */
import assert from 'node:assert/strict';
import { checkMeaning } from '../../../src/experiment/meaning';
import { parseExperiment } from '../../../src/experiment/parse';
import type { Diagnostic, Fix } from '../../../src/protocol/compute';

/** A correct experiment with some keys changed; `undefined` removes one. */
export function fileWith(changes: Readonly<Record<string, unknown>>): string {
  const file = { data: { kind: 'separable' }, model: { kind: 'linear' }, loss: 'logistic', optimizer: { kind: 'gradient-flow' } };
  return JSON.stringify({ ...file, ...changes }, null, 2);
}

/** Diagnostics of shape, and when there are none those of meaning. */
export function diagnose(text: string): readonly Diagnostic[] {
  const { experiment, diagnostics, document } = parseExperiment(text);
  return experiment === null ? diagnostics : [...diagnostics, ...checkMeaning(experiment, document)];
}

export function applyFix(text: string, fix: Fix): string {
  return [...fix.changes]
    .sort((a, b) => b.offset - a.offset)
    .reduce((result, { offset, length, text: inserted }) => result.slice(0, offset) + inserted + result.slice(offset + length), text);
}

/** The one diagnostic of a file; what its range covers stands in `covers`. */
export function only(text: string): Diagnostic & { readonly covers: string } {
  const found = diagnose(text);
  assert.deepEqual(found.map(({ code }) => code).length, 1, JSON.stringify(found.map(({ code, message }) => `${code} ${message}`)));
  const [diagnostic] = found;
  return { ...diagnostic, covers: text.slice(diagnostic.offset, diagnostic.offset + diagnostic.length) };
}

/** The preferred fix of the only diagnostic leaves a file without diagnostics. */
export function repairs(text: string): string {
  const { fixes, message } = only(text);
  const fix = fixes.find(({ preferred }) => preferred);
  assert.ok(fix, `a preferred fix for: ${message}`);
  const repaired = applyFix(text, fix);
  assert.deepEqual(diagnose(repaired), [], repaired);
  return repaired;
}
