/** The small box that says the numbers under the pointer or the cursor, beside what it speaks of and never upon it. */
import { el, fill, type Child } from './dom';

export class ReadOut {
  readonly element = el('div', { class: 'tip', hidden: true, 'aria-live': 'polite' });

  constructor(private readonly frame: HTMLElement) {}

  /** `at`: pixels from the corner of the frame. */
  show(at: { readonly x: number; readonly y: number }, ...children: readonly Child[]): void {
    fill(this.element, ...children);
    this.element.hidden = false;
    const room = this.frame.clientWidth - this.element.offsetWidth - 4;
    const left = at.x + 14 > room ? at.x - 14 - this.element.offsetWidth : at.x + 14;
    this.element.style.left = `${Math.max(4, Math.min(room, left))}px`;
    // Where it cannot stand beside the place, it stands in the other half of the height.
    const upper = at.y < this.frame.clientHeight / 2;
    const top = upper ? this.frame.clientHeight - this.element.offsetHeight - 44 : 10;
    this.element.style.top = `${Math.max(4, top)}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}

/** A line of the read-out. */
export function readOutRow(mark: Child, name: string, value: string): HTMLElement {
  return el('div', { class: 'tip-row' }, mark, el('span', { class: 'tip-name' }, name), el('span', { class: 'tip-value' }, value));
}
