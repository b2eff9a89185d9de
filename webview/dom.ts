/** A tiny element builder. Texts become text nodes, never markup. */

export type Child = Node | string | null | undefined | false;

export interface Attributes {
  readonly class?: string;
  readonly id?: string;
  readonly title?: string;
  readonly role?: string;
  readonly hidden?: boolean;
  readonly [attribute: `aria-${string}` | `data-${string}`]: string | undefined;
  readonly tabindex?: string;
  readonly href?: string;
  readonly scope?: string;
  readonly colspan?: string;
  readonly type?: string;
}

/** An element with attributes and children; `undefined` attributes and falsy children are left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries<string | boolean | undefined>(
    attributes as Readonly<Record<string, string | boolean | undefined>>,
  )) {
    if (typeof value === 'boolean') element.toggleAttribute(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  append(element, children);
  return element;
}

/** Replaces the children of an element. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
}

/** Text for assistive technology only. */
export function hiddenText(words: string): HTMLElement {
  return el('span', { class: 'visually-hidden' }, words);
}

let lastId = 0;

/** An id that is unique on the page, for labels. */
export function freshId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
