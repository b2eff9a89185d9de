/**
 * The controls of the page. The Webview UI Toolkit is known here and nowhere else, so that it can be replaced.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTag,
} from '@vscode/webview-ui-toolkit';
import { el, fill, freshId, hiddenText, type Child } from './dom';
import { icon, type IconName } from './icons';

/** Registers the custom elements. Call once, before the first control is made. */
export function defineControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTag(),
  );
}

function custom(tag: string, className: string, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  fill(element, ...children);
  return element;
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: IconName;
  readonly primary?: boolean;
  /** What assistive technology says instead of the label, for buttons that need their context. */
  readonly description?: string;
  readonly press: () => void;
}

export function button({ label, icon: iconName, primary = false, description, press }: ButtonOptions): HTMLElement {
  const element = custom('vscode-button', 'control');
  element.setAttribute('appearance', primary ? 'primary' : 'secondary');
  if (description !== undefined) element.setAttribute('aria-label', description);
  fill(element, iconName !== undefined && startIcon(iconName), label);
  element.addEventListener('click', press);
  return element;
}

function startIcon(name: IconName): SVGElement {
  const image = icon(name);
  image.setAttribute('slot', 'start');
  return image;
}

/** A button that stays pressed. */
export interface Toggle {
  readonly element: HTMLElement;
  readonly on: boolean;
  set(on: boolean): void;
}

export function toggleButton(label: string, description: string, on: boolean, changed: (on: boolean) => void): Toggle {
  let state = on;
  const element = el('button', { class: 'toggle', type: 'button', 'aria-pressed': String(on), 'aria-label': description }, label);
  const set = (next: boolean): void => {
    state = next;
    element.setAttribute('aria-pressed', String(next));
  };
  element.addEventListener('click', () => {
    set(!state);
    changed(state);
  });
  return {
    element,
    set,
    get on() {
      return state;
    },
  };
}

/** A button as small as a toggle, that does something once. */
export function actionButton(label: string, description: string, press: () => void): HTMLElement {
  const element = el('button', { class: 'toggle', type: 'button', 'aria-label': description }, label);
  element.addEventListener('click', press);
  return element;
}

export interface CheckboxElement extends HTMLElement {
  checked: boolean;
}

/** `context` is heard, not seen: "log scale" of which axis. The toolkit takes the name from the whole text. */
export function checkbox(label: string, context: string, checked: boolean, changed: (checked: boolean) => void): Toggle {
  const element = custom('vscode-checkbox', 'control', label, hiddenText(`, ${context}`)) as CheckboxElement;
  element.toggleAttribute('checked', checked);
  let state = checked;
  element.addEventListener('change', () => {
    if (element.checked === state) return;
    state = element.checked;
    changed(state);
  });
  return {
    element,
    set: (next) => {
      state = next;
      element.checked = next;
    },
    get on() {
      return state;
    },
  };
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A labelled dropdown. */
export interface Dropdown {
  readonly element: HTMLElement;
  /** Replaces the choices when they differ, and selects. */
  set(choices: readonly Choice[], value: string): void;
}

export function dropdown(label: string, changed: (value: string) => void): Dropdown {
  const holder = el('span', { class: 'dropdown-holder' });
  const caption = el('span', { class: 'control-label', 'aria-hidden': 'true' }, label);
  let shown = '';
  let control: (HTMLElement & { value: string }) | null = null;
  return {
    element: el('span', { class: 'labelled-control' }, caption, holder),
    set: (choices, value) => {
      const now = JSON.stringify(choices);
      if (control !== null && now === shown) {
        if (control.value !== value) control.value = value;
        return;
      }
      shown = now;
      // The toolkit's dropdown does not follow changes of its options reliably: a new one does.
      const fresh = custom('vscode-dropdown', 'control') as HTMLElement & { value: string };
      fresh.setAttribute('aria-label', label);
      for (const choice of choices) {
        const option = custom('vscode-option', '', choice.label);
        option.setAttribute('value', choice.value);
        option.toggleAttribute('selected', choice.value === value);
        fresh.append(option);
      }
      fresh.addEventListener('change', () => {
        if (control === fresh) changed(fresh.value);
      });
      control = fresh;
      fill(holder, fresh);
    },
  };
}

/** An indefinite progress ring: an ornament beside words that say the same. */
export function progressRing(): HTMLElement {
  const ring = custom('vscode-progress-ring', 'ring');
  ring.setAttribute('aria-hidden', 'true');
  return ring;
}

export function tag(words: string): HTMLElement {
  return custom('vscode-tag', 'tag', words);
}

export interface MenuItem {
  readonly label: string;
  readonly enabled: () => boolean;
  readonly choose: () => void;
}

/** A button that opens a menu: arrow keys move, Escape and a click elsewhere close. */
export function menuButton(label: string, items: readonly MenuItem[]): HTMLElement {
  const menuId = freshId('menu');
  const open = el(
    'button',
    { class: 'menu-button', type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-controls': menuId },
    label,
    icon('chevron'),
  );
  const entries = items.map((item) => el('button', { class: 'menu-item', type: 'button', role: 'menuitem', tabindex: '-1' }, item.label));
  const menu = el('div', { class: 'menu', id: menuId, role: 'menu', 'aria-label': label, hidden: true }, ...entries);
  const holder = el('div', { class: 'menu-holder' }, open, menu);

  const show = (visible: boolean): void => {
    menu.hidden = !visible;
    open.setAttribute('aria-expanded', String(visible));
    if (!visible) return;
    items.forEach((item, index) => entries[index].setAttribute('aria-disabled', String(!item.enabled())));
    keepInside(menu);
    entries[0]?.focus();
  };
  const close = (refocus: boolean): void => {
    if (menu.hidden) return;
    show(false);
    if (refocus) open.focus();
  };
  open.addEventListener('click', () => show(menu.hidden));
  open.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    show(true);
  });
  items.forEach((item, index) =>
    entries[index].addEventListener('click', () => {
      if (entries[index].getAttribute('aria-disabled') === 'true') return;
      close(true);
      item.choose();
    }),
  );
  menu.addEventListener('keydown', (event) => {
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    const target = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    entries[target % entries.length].focus();
  });
  holder.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close(true);
    if (event.key === 'Tab') close(false);
  });
  holder.addEventListener('focusout', (event) => {
    if (!holder.contains(event.relatedTarget as Node | null)) close(false);
  });
  return holder;
}

/** A menu that would leave the page on one side is aligned with the other side of its button. */
function keepInside(menu: HTMLElement): void {
  menu.classList.remove('menu-right');
  if (menu.getBoundingClientRect().right > document.documentElement.clientWidth) menu.classList.add('menu-right');
}
