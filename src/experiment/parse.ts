/** From text to experiment: a value of JSON first, then its shape. Never throws; what is wrong comes as diagnostics with their places. */
import type { Diagnostic } from '../protocol/compute';
import { resolveExperiment } from './defaults';
import type { FileDocument } from './document';
import { inOrder, readValue } from './file-value';
import { experimentSchema, type Experiment } from './schema';
import { shapeDiagnostics } from './shape-diagnostics';

export interface ParsedExperiment {
  /** The file with its defaults; null when there is an error. */
  readonly experiment: Experiment | null;
  /** In the order of the text, at most `LIMITS.diagnostics`. */
  readonly diagnostics: readonly Diagnostic[];
  /** Usable on broken text too. */
  readonly document: FileDocument;
}

export function parseExperiment(text: string): ParsedExperiment {
  const { document, value, diagnostics } = readValue(text);
  if (value === undefined) return { experiment: null, diagnostics, document };
  const result = experimentSchema.safeParse(value);
  if (result.success) return { experiment: resolveExperiment(result.data), diagnostics: [], document };
  return { experiment: null, diagnostics: inOrder(shapeDiagnostics(document, value, result.error.issues)), document };
}
