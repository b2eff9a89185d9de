/** A caption for a paper: what was run with which settings, what came of it, and by which result. */
import { dataSize } from '../src/protocol/data-size';
import type { RunView } from '../src/protocol/panel';
import { settingsOf } from './settings';
import { citationText, outcomeText, VERDICT_WORDS } from './words';

/** One paragraph of plain text. */
export function captionOf({ title, file, report }: RunView): string {
  if (report === null) return `${title || file}.`;
  const { verdict, predictions, data, version, fingerprint, seconds } = report;
  const prediction = predictions.find(({ result }) => result === verdict.result);
  const groups = new Map<string, string[]>();
  for (const { path, value, text } of settingsOf(report.experiment)) {
    if (Array.isArray(value) && value.length === 0) continue;
    const dot = path.indexOf('.');
    const [group, rest] = dot < 0 ? ['', path] : [path.slice(0, dot), path.slice(dot + 1)];
    groups.set(group, [...(groups.get(group) ?? []), rest === 'kind' ? text : `${rest} ${text}`]);
  }
  const settings = [...groups].map(([group, parts]) => (group === '' ? parts.join(', ') : `${group}: ${parts.join(', ')}`));
  return [
    `${title || file}.`,
    `${VERDICT_WORDS[verdict.outcome].label}: ${verdict.says}`,
    ...(prediction === undefined ? [] : [`Predicted: ${prediction.symbol} (${citationText(prediction.citation).replace(/\.$/, '')}).`]),
    ...(data.samples > 0 ? [`${dataSize(data.samples, data.features)}.`] : []),
    `Settings: ${settings.join('; ')}.`,
    `${outcomeText(report)}${seconds > 0 ? ` after ${seconds.toPrecision(3)} s` : ''}. Implicit Bias Lab ${version}${fingerprint === '' ? '' : `, fingerprint ${fingerprint.slice(0, 12)}`}.`,
  ]
    .join(' ')
    .replace(/\s+/g, ' ');
}
