/** What tells compared runs apart: the settings that differ, and names that say so. */
import type { Report } from '../src/protocol/report';
import { settingsOf, type Setting } from './settings';

export interface NamedRun {
  readonly title: string;
  readonly report: Report;
}

export interface DifferingSetting {
  /** "optimizer.stepSize". */
  readonly path: string;
  /** One a run; null where a run does not have it. */
  readonly values: readonly (Setting | null)[];
}

/** Of a setting that a run's file has no place for; "none" is a value of some that have one. */
export const NOT_SET = 'not set';

/** The settings in which the runs differ, in the order of their files. */
export function differingSettings(reports: readonly Report[]): readonly DifferingSetting[] {
  const all = reports.map(({ experiment }) => new Map(settingsOf(experiment).map((setting) => [setting.path, setting])));
  const paths = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
  return paths
    .map((path) => ({ path, values: all.map((settings) => settings.get(path) ?? null) }))
    .filter(({ values }) => new Set(values.map((setting) => JSON.stringify(setting?.value ?? null))).size > 1);
}

/** Settings that a name has room for. */
const NAMED = 2;

/** Titles, and where they are the same what the runs differ in; where they differ in nothing, their number. */
export function runNames(runs: readonly NamedRun[]): readonly string[] {
  const shared = new Set(runs.map(({ title }) => title).filter((title, at, titles) => titles.indexOf(title) !== at));
  if (shared.size === 0) return runs.map(({ title }) => title);
  const differing = differingSettings(runs.map(({ report }) => report)).slice(0, NAMED);
  const common = new Set(runs.map(({ title }) => title)).size === 1;
  const long = runs.map(({ title }, run) => {
    if (!shared.has(title)) return title;
    const parts = differing.map(({ path, values }) => `${path.slice(path.lastIndexOf('.') + 1)} ${values[run]?.text ?? NOT_SET}`);
    // One title for all of them says nothing between them; the page has it as its own.
    return (common && parts.length > 0 ? parts : [title, ...parts]).join(' · ');
  });
  return long.map((name, run) => (long.indexOf(name) === run && long.lastIndexOf(name) === run ? name : `${name} (${run + 1})`));
}
