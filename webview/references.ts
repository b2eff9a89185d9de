/** The reference solutions and how each is certified. */
import type { Reference } from '../src/protocol/report';
import { el, fill } from './dom';
import { formatNumber } from './format-number';
import { CERTIFICATE_WORDS } from './words';

export class References {
  readonly element = el('div', { class: 'references' });

  show(references: readonly Reference[], emptyText: string): void {
    if (references.length === 0) fill(this.element, el('p', { class: 'note' }, emptyText));
    else fill(this.element, ...references.map(card));
  }
}

function card(reference: Reference): HTMLElement {
  const { certificate } = reference;
  const entries: readonly (readonly [string, string])[] = [
    ['Id', reference.id],
    ['Role', reference.role === 'predicted' ? 'the predicted solution' : 'compared, not predicted'],
    ['Objective', formatNumber(reference.objective, 6)],
    [`Certificate: ${CERTIFICATE_WORDS[certificate.kind]}`, formatNumber(certificate.value)],
  ];
  return el(
    'article',
    { class: 'reference' },
    el('h3', {}, reference.title),
    el('dl', {}, ...entries.map(([term, value]) => el('div', { class: 'entry' }, el('dt', {}, term), el('dd', {}, value)))),
    certificate.says !== '' && el('p', { class: 'note' }, certificate.says),
  );
}
