/** Markdown of predictions, for hovers and the details page. Texts from files are escaped: they are data, never markup. */
import type { Analysis } from '../protocol/compute';
import type { Condition, Prediction } from '../protocol/report';

export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-!~|.]/gu, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\s*\n\s*/gu, ' ');
}

function conditionLine({ text, holds, because }: Condition): string {
  const mark = holds === true ? '✓' : holds === false ? '✗' : '?';
  return `- ${mark} ${escapeMarkdown(text)}${because === '' ? '' : `: ${escapeMarkdown(because)}`}`;
}

/** Only addresses that a browser may open without harm become links. */
export function isWebAddress(address: string): boolean {
  try {
    return new URL(address).protocol === 'https:';
  } catch {
    return false;
  }
}

function citationLine({ authors, year, title, venue, locus, url }: Prediction['citation']): string {
  const name = escapeMarkdown(title);
  const linked = url !== undefined && isWebAddress(url) ? `[${name}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})` : name;
  return `${escapeMarkdown(authors)} (${year}): ${linked}. ${escapeMarkdown(venue)}${locus === undefined ? '' : `, ${escapeMarkdown(locus)}`}.`;
}

/** One prediction: what it says, whether it applies and why, where it is from. */
export function predictionMarkdown(prediction: Prediction, heading: string): string {
  const applies = prediction.applies ? 'applies' : 'does not apply here';
  return [
    `${heading} ${escapeMarkdown(prediction.title)}`,
    `**${escapeMarkdown(prediction.symbol)}** · ${prediction.status}, ${applies}`,
    escapeMarkdown(prediction.statement),
    ['```text', prediction.formula.replaceAll('```', "'''"), '```'].join('\n'),
    prediction.conditions.map(conditionLine).join('\n'),
    citationLine(prediction.citation),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The whole page of "Show Prediction Details". */
export function detailsMarkdown(file: string, analysis: Analysis): string {
  const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
  const facts = [analysis.dataNote, analysis.modelNote, analysis.optimizerNote].filter((note) => note !== null);
  return [
    `# Prediction for ${escapeMarkdown(file)}`,
    facts.map((fact) => `- ${escapeMarkdown(fact)}`).join('\n'),
    ...(errors.length > 0
      ? [
          'The file has errors; nothing is predicted.',
          errors.map(({ line, message }) => `- line ${line}: ${escapeMarkdown(message)}`).join('\n'),
        ]
      : analysis.predictions.length === 0
        ? ['No published result in the catalogue speaks of this experiment.']
        : analysis.predictions.map((prediction) => predictionMarkdown(prediction, '##'))),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
