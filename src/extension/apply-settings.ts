/** The settings of a run written back into the file it came from, as one edit that can be undone. */
import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import { readExperiment } from '../experiment/read';
import { withoutDefaults } from '../experiment/without-defaults';
import { canonicalJson } from '../protocol/report-json';

/** What is about the file, not about the run. */
const KEPT: ReadonlySet<string> = new Set(['$schema', 'format', 'title', 'notes', 'expect', 'record', 'sweep']);

const FORMAT = { tabSize: 2, insertSpaces: true, eol: '\n' };

/**
 * The text with those settings changed that differ from the run's, and everything else as it stands: order, spaces, what is left to its
 * defaults. A file that cannot be read is replaced as a whole.
 * @param wanted the resolved experiment of the run
 */
export function withSettings(text: string, wanted: Readonly<Record<string, unknown>>): string {
  const { experiment } = readExperiment(text);
  const short = withoutDefaults(wanted);
  if (experiment === null) return `${JSON.stringify(short, null, 2)}\n`;
  let edited = text;
  for (const path of differences(experiment, wanted)) edited = written(edited, path, at(short, path));
  return edited;
}

function differences(
  now: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  path: readonly string[] = [],
): (readonly string[])[] {
  return [...new Set([...Object.keys(now), ...Object.keys(wanted)])].flatMap((key): (readonly string[])[] => {
    if (path.length === 0 && KEPT.has(key)) return [];
    const [before, after] = [now[key], wanted[key]];
    if (before === after || (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after))) return [];
    const here = [...path, key];
    // Of another kind, nothing that stands there means the same.
    if (isObject(before) && isObject(after) && before.kind === after.kind) return differences(before, after, here);
    return [here];
  });
}

/** What stands at a path; undefined where that is left to its default, or is not there. */
function at(file: unknown, path: readonly string[]): unknown {
  return path.reduce((here: unknown, key) => (isObject(here) ? here[key] : undefined), file);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `"loss": "square"` has no place for a reduction: there the owner is written out as an object first. */
function written(text: string, path: readonly string[], value: unknown): string {
  const tree = parseTree(text);
  for (let depth = 1; tree !== undefined && depth < path.length; depth += 1) {
    const node = findNodeAtLocation(tree, path.slice(0, depth));
    if (node === undefined || node.type === 'object') continue;
    const owner = applyEdits(text, modify(text, path.slice(0, depth), { kind: node.value as unknown }, { formattingOptions: FORMAT }));
    return applyEdits(owner, modify(owner, [...path], value, { formattingOptions: FORMAT }));
  }
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: FORMAT }));
}
