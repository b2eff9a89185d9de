/** What can be found wrong with a page without eyes: rules of axe-core, and text that has no room. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import { ROOT } from '../../lanes/repository';

let axe: string | undefined;

export interface Looking {
  /** Which violations count; all where it is left out. */
  readonly impacts?: readonly string[];
  /** Rules that are applied; all where it is left out. */
  readonly rules?: readonly string[];
}

/** The rules of axe-core that look at colours. */
export const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'] as const;

/** Violations of axe-core's rules, one line an element. */
export async function violations(page: Page | Frame, { impacts, rules }: Looking = {}): Promise<readonly string[]> {
  axe ??= readFileSync(join(ROOT, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const { violations: found, passes } = await page.evaluate(
    (only) =>
      (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run({
        resultTypes: ['violations'],
        ...(only === null ? {} : { runOnly: only }),
      }),
    rules === undefined ? null : [...rules],
  );
  // Nothing found by nobody looking would be no finding.
  assert.ok(passes.length > (rules === undefined ? 15 : 0), `axe-core applied ${passes.length} rules`);
  return found
    .filter(({ impact }) => impacts === undefined || impacts.includes(impact ?? ''))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`));
}

/** Elements whose text is wider than they are, or that reach beyond the page's right edge; and a page that scrolls sideways. */
export function cutTexts(page: Page | Frame): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const sideways = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (sideways > 0) found.push(`the page scrolls sideways by ${sideways} pixels`);
    const readable = 'h1, h2, h3, p, dd, dt, li, label, button, summary, figcaption, vscode-button, vscode-dropdown, vscode-checkbox';
    for (const part of document.querySelectorAll<HTMLElement>(readable)) {
      // Wide tables and formulas scroll in boxes of their own; what is there only for those who listen takes no room.
      if (!part.checkVisibility() || part.closest('.table-scroller, .visually-hidden') || part.classList.contains('formula')) continue;
      const wider = part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline';
      const outside = part.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
      if (wider || outside) found.push(`${wider ? 'cut' : 'outside'}: ${part.outerHTML.slice(0, 120)}`);
    }
    return found;
  });
}
