/** Colours and fonts of the editor's theme for what is drawn on a canvas; the rest of the page uses the variables in CSS. */
import { GRAPHICS_CONTRAST, HIGH_CONTRAST, legibleLine, paletteOf } from './colour';

export interface Theme {
  readonly foreground: string;
  /** Secondary text: tick labels. */
  readonly muted: string;
  readonly background: string;
  readonly grid: string;
  readonly border: string;
  readonly palette: readonly string[];
  readonly tolerance: string;
  readonly font: string;
  /** Pixels. */
  readonly fontSize: number;
  readonly highContrast: boolean;
  /** Of curves, pixels. */
  readonly lineWidth: number;
}

const CHART_COLOURS = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'] as const;

/** Reads the theme as it is now. A missing variable falls back to the foreground, which every theme has. */
export function readTheme(): Theme {
  const styles = getComputedStyle(document.documentElement);
  const variable = (name: string): string => styles.getPropertyValue(`--vscode-${name}`).trim();
  const bodyStyles = getComputedStyle(document.body);
  const foreground = variable('foreground') || variable('editor-foreground') || bodyStyles.color;
  const background = variable('editor-background') || bodyStyles.backgroundColor;
  const highContrast =
    document.body.classList.contains('vscode-high-contrast') || document.body.classList.contains('vscode-high-contrast-light');
  const least = highContrast ? HIGH_CONTRAST : GRAPHICS_CONTRAST;
  const line = (colour: string): string => legibleLine(colour, background, foreground, least);
  return {
    foreground,
    muted: highContrast ? foreground : variable('descriptionForeground') || foreground,
    background,
    grid: variable('charts-lines') || variable('panel-border') || foreground,
    border: variable('contrastBorder') || variable('panel-border') || foreground,
    palette: paletteOf(
      CHART_COLOURS.map((name) => variable(`charts-${name}`)).filter((colour) => colour !== ''),
      background,
      foreground,
      least,
    ),
    lineWidth: highContrast ? 2.25 : 1.75,
    tolerance: line(variable('charts-red') || variable('errorForeground') || foreground),
    font: variable('font-family') || bodyStyles.fontFamily,
    fontSize: Math.max(11, Number.parseFloat(variable('font-size')) - 1 || 12),
    highContrast,
  };
}

/** Class of the root element while the page goes to a printer. */
export const PRINTING = 'printing';

export function isPrinting(): boolean {
  return document.documentElement.classList.contains(PRINTING);
}

/** Calls back when the editor's theme has changed. */
export function onThemeChange(changed: () => void): { dispose(): void } {
  const observer = new MutationObserver(changed);
  // VS Code sets a class and data attributes on the body and the variables in the style of the root element.
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return { dispose: () => observer.disconnect() };
}
