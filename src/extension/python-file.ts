/** Experiments as Python files: a bundle of its own (`dist/python-file.js`), loaded with the first export. */
import { ExportError } from '../export/export-error';
import { pythonScript } from '../export/python-script';
import type { ResolvedRun } from '../protocol/compute';

/** The text of the file, or why there can be none. */
export type PythonFile = { readonly type: 'script'; readonly text: string } | { readonly type: 'refused'; readonly because: string };

/** @param name of the file, for its own help */
export function pythonFile(run: ResolvedRun, name: string): PythonFile {
  try {
    return { type: 'script', text: pythonScript(run, name) };
  } catch (error) {
    if (error instanceof ExportError) return { type: 'refused', because: error.message };
    throw error;
  }
}
