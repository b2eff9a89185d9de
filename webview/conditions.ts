/** What theory says of this experiment: statement, formula, and every condition with its finding. */
import type { Condition, Prediction } from '../src/protocol/report';
import { el, fill, type Child } from './dom';
import type { Host } from './host';
import { icon } from './icons';
import { citation } from './verdict';
import { conditionWords, STATUS_WORDS } from './words';

export class Conditions {
  readonly element = el('div');

  constructor(private readonly host: Host) {}

  show(predictions: readonly Prediction[], emptyText: string): void {
    const [first, ...others] = predictions;
    if (first === undefined) {
      fill(this.element, el('p', { class: 'note' }, emptyText));
      return;
    }
    fill(
      this.element,
      this.whole(first),
      others.length > 0 && el('h3', {}, 'Other results that were considered'),
      ...others.map((prediction) => this.folded(prediction)),
    );
  }

  private whole(prediction: Prediction): HTMLElement {
    const status = STATUS_WORDS[prediction.status];
    return el(
      'article',
      { class: 'prediction' },
      el('h3', {}, prediction.title),
      el(
        'p',
        { class: 'predicts' },
        prediction.applies ? 'Predicts ' : 'Would predict ',
        el('strong', {}, prediction.symbol),
        prediction.applies ? '' : ' (not all conditions hold)',
        '.',
      ),
      prediction.statement !== '' && el('p', {}, prediction.statement),
      prediction.formula !== '' && el('p', { class: 'formula', role: 'math', 'aria-label': prediction.formula }, prediction.formula),
      el('p', { class: 'note' }, `${status.label}: ${status.says}.`),
      conditionList(prediction.conditions),
      citation(prediction, this.host),
    );
  }

  private folded(prediction: Prediction): HTMLElement {
    return el(
      'details',
      { class: 'other-prediction' },
      el(
        'summary',
        {},
        el('span', { class: 'other-title' }, prediction.title),
        ' ',
        el('span', { class: 'other-why' }, whyNot(prediction)),
      ),
      this.whole(prediction),
    );
  }
}

function conditionList(conditions: readonly Condition[]): Child {
  if (conditions.length === 0) return el('p', { class: 'note' }, 'This result has no conditions.');
  return el(
    'ul',
    { class: 'conditions' },
    ...conditions.map(({ text, holds, because }) => {
      const words = conditionWords(holds);
      return el(
        'li',
        { class: `condition tone-${words.tone}` },
        el('span', { class: 'condition-finding' }, icon(words.icon), words.label),
        el('span', { class: 'condition-text' }, text, saysMore(text, because) && el('span', { class: 'because' }, because)),
      );
    }),
  );
}

/** "gradient-flow" beside "gradient flow" does not. */
function saysMore(text: string, because: string): boolean {
  return because !== '' && because.replaceAll('-', ' ') !== text;
}

/** What was found says little without what was asked. */
function fails({ text, because }: Condition): string {
  return `“${text}” fails${saysMore(text, because) ? ` (${because})` : ''}`;
}

/** Why a result does not decide this experiment, in one line. */
export function whyNot(prediction: Prediction): string {
  const failing = prediction.conditions.filter(({ holds }) => holds === false);
  const open = prediction.conditions.filter(({ holds }) => holds === 'unknown');
  if (failing.length > 0) return `does not apply: ${failing.map(fails).join('; ')}`;
  if (open.length > 0) return `unknown: ${open.map(({ text }) => text).join('; ')}`;
  return prediction.applies ? 'applies too; the result above is more specific' : 'does not apply';
}
