/** Markdown of predictions, for hovers and the details page. Texts from files are escaped: they are data, never markup. */
import type { Analysis, Neighbour } from '../protocol/compute';
import type { Certificate, Condition, Prediction, ResultStatus, Verdict } from '../protocol/report';
import type { OutlinedResult } from '../theory/catalogue';
import { escapeMarkdown } from './escape-markdown';
import { formulaTex } from './formula-tex';
import { proseMarkdown } from './prose-tex';
import { resultPage } from './result-pages';

/** Writes a sentence as Markdown: `escapeMarkdown`, or `proseMarkdown` where mathematics is typeset. */
type Prose = (text: string) => string;

function conditionLine({ text, holds, because }: Condition, prose: Prose): string {
  const mark = holds === true ? '✓' : holds === false ? '✗' : '?';
  return `- ${mark} ${prose(text)}${because === '' ? '' : `: ${prose(because)}`}`;
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

/** How far a result is established, in words. */
const STATUS_WORDS: Readonly<Record<ResultStatus, string>> = {
  theorem: 'proved',
  conjecture: 'a conjecture: not proved',
  refuted: 'refuted in general: there are counterexamples',
  empirical: 'observed in experiments: not proved',
  negative: 'a negative result: it is proved that something cannot be said',
};

/** One prediction for a hover: what it says, whether it applies and why, where it is from. Hovers typeset no mathematics. */
export function predictionMarkdown(prediction: Prediction, heading: string): string {
  const applies = prediction.applies ? 'applies' : 'does not apply here';
  return paragraphs([
    `${heading} ${escapeMarkdown(prediction.title)}`,
    `**${escapeMarkdown(prediction.symbol)}** · ${prediction.status}, ${applies}`,
    escapeMarkdown(prediction.statement),
    writtenFormula(prediction.formula),
    prediction.conditions.map((condition) => conditionLine(condition, escapeMarkdown)).join('\n'),
    citationLine(prediction.citation),
  ]);
}

/** What is known of the last run of the file. */
export interface LastRun {
  /** "agrees · relative distance 3e-9 ≤ 1e-5". */
  readonly outcome: string;
  /** The file or its data have changed since. */
  readonly stale: boolean;
  readonly verdict: Verdict | null;
  /** Of the reference solution that was predicted. */
  readonly certificate: Certificate | null;
}

/** What the page shows. */
export interface Details {
  /** The file's name. */
  readonly file: string;
  readonly analysis: Analysis;
  readonly lastRun: LastRun | null;
  readonly neighbours: readonly Neighbour[];
  /** Whether mathematics is typeset by who shows the page. */
  readonly typeset: boolean;
}

/** The whole page of "Show Prediction Details". */
export function detailsMarkdown(details: Details): string {
  const { file, analysis, lastRun } = details;
  const { predictions } = analysis;
  const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
  const facts = [analysis.dataNote, analysis.modelNote, analysis.optimizerNote].filter((note) => note !== null);
  const head = [`# Prediction for ${escapeMarkdown(file)}`, facts.map((fact) => `- ${proseOf(details.typeset)(fact)}`).join('\n')];
  if (errors.length > 0) {
    const lines = errors.map(({ line, message }) => `- line ${line}: ${escapeMarkdown(message)}`);
    return paragraphs([...head, 'The file has errors; nothing is predicted.', lines.join('\n')]);
  }
  const first = predictions.at(0);
  return paragraphs([
    ...head,
    first === undefined ? 'No published result in the catalogue speaks of this experiment.' : section(first, '##', details),
    lastRun === null ? '' : runMarkdown(lastRun, first, proseOf(details.typeset)),
    neighboursMarkdown(details.neighbours, proseOf(details.typeset)),
    predictions.length > 1 ? '## Other results that speak of this experiment' : '',
    ...predictions.slice(1).map((prediction) => section(prediction, '###', details)),
  ]);
}

function proseOf(typeset: boolean): Prose {
  return typeset ? proseMarkdown : escapeMarkdown;
}

/** The page while the data are being looked at: what the text alone says. @param first the result that leads, as far as the text tells */
export function draftMarkdown(file: string, first: OutlinedResult | undefined, typeset: boolean): string {
  const head = `# Prediction for ${escapeMarkdown(file)}`;
  if (first === undefined) return paragraphs([head, 'The file is being checked…']);
  const { result, symbol, conditions } = first;
  const prose = proseOf(typeset);
  return paragraphs([
    head,
    `## ${prose(result.title)}`,
    `**${prose(symbol)}** · ${STATUS_WORDS[result.status]}; whether it applies here is being checked…`,
    prose(result.statement),
    formulaMarkdown(result.formula, typeset),
    '### Conditions',
    conditions.map((condition) => conditionLine(condition, prose)).join('\n'),
    'What a condition asks of the data is being checked…',
    '### Source',
    citationLine(result.citation),
    linksLine(result.id),
  ]);
}

function section(prediction: Prediction, heading: string, { typeset }: Details): string {
  const { title, symbol, status, applies, statement, formula, conditions, citation } = prediction;
  const prose = proseOf(typeset);
  const line = (condition: Condition): string => conditionLine(condition, prose);
  const known = conditions.filter(({ holds }) => holds !== 'unknown');
  const open = [
    ...conditions.filter(({ holds }) => holds === 'unknown').map(line),
    ...(status === 'conjecture' || status === 'empirical' ? [`- ? The result itself is ${STATUS_WORDS[status]}.`] : []),
  ];
  const failed = conditions.filter(({ holds }) => holds === false).length;
  const judged = applies ? 'it applies here' : failed > 0 ? 'it does not apply here' : 'whether it applies here is not known';
  return paragraphs([
    `${heading} ${prose(title)}`,
    `**${prose(symbol)}** · ${STATUS_WORDS[status]}; ${judged}.`,
    prose(statement),
    formulaMarkdown(formula, typeset),
    known.length > 0 ? `${heading}# Conditions, checked on this file` : '',
    known.map(line).join('\n'),
    open.length > 0 ? `${heading}# What is not known` : '',
    open.join('\n'),
    `${heading}# Source`,
    citationLine(citation),
    linksLine(prediction.result),
  ]);
}

/** Beside the page lie the notes on each result and its citation. */
function linksLine(result: string): string {
  return `[Notes on this result](${resultPage(result, 'notes')}) · [Citation as BibTeX](${resultPage(result, 'citation')})`;
}

function runMarkdown({ outcome, stale, verdict, certificate }: LastRun, predicted: Prediction | undefined, prose: Prose): string {
  // Since then another result may have come to lead.
  const other = verdict !== null && verdict.result !== null && verdict.result !== predicted?.result;
  return paragraphs([
    '## The last run',
    `**${escapeMarkdown(outcome)}**${stale ? ' (the file or its data have changed since)' : ''}`,
    verdict === null ? '' : prose(verdict.says),
    other ? `The verdict is about another result: ${escapeMarkdown(verdict.result ?? '')}.` : '',
    certificate === null ? '' : `Certificate of the reference solution: ${prose(certificate.says)}`,
  ]);
}

function neighboursMarkdown(neighbours: readonly Neighbour[], prose: Prose): string {
  if (neighbours.length === 0) return '';
  const rows = neighbours.map(({ change, lead, same }) => {
    const leads = lead === null ? ['none', ''] : [`${lead.title} · ${lead.citedAs}`, `${lead.symbol}${same ? ' (the same)' : ''}`];
    return `| ${[change, ...leads].map(prose).join(' | ')} |`;
  });
  return paragraphs([
    '## Neighbours: what one change would do',
    ['| change | result that leads then | predicts |', '| --- | --- | --- |', ...rows].join('\n'),
    'Read from the file alone: what a result asks of the data is checked when the change is made. ' +
      'The command *Try a Neighbour…* writes one of them into the file, and Undo takes it back.',
  ]);
}

/** One paragraph a statement: lines break where a relation is, and the page needs no scrolling. */
function formulaMarkdown(formula: string, typeset: boolean): string {
  const lines = typeset ? formulaTex(formula) : null;
  if (lines === null) return writtenFormula(formula);
  return lines.map((tex) => `$\\displaystyle ${tex}$`).join('\n\n');
}

function writtenFormula(formula: string): string {
  return ['```text', formula.replaceAll('```', "'''"), '```'].join('\n');
}

function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
