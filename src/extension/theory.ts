/**
 * What a file means and the catalogue: what takes longer to load than all the rest of the extension. It is a bundle of its own
 * (`dist/theory.js`), loaded with the first experiment and not at activation. The parts are evaluated when they are asked for.
 */
import { nextTurn } from '../worker/next-turn';
import type * as Templates from '../experiment/templates';
import type * as Refined from '../study/refined-sweep';
import type * as Repeats from '../study/repeats-figure';
import type * as Catalogue from '../theory/catalogue';
import type * as Settings from './apply-settings';
import type * as FileOutlines from './file-outline';
import type * as LensTexts from './lens-text';
import type * as MarkdownTexts from './markdown-text';

/** Reads experiments. In two pieces, between which the host is free for others. */
export async function loadOutline(): Promise<typeof FileOutlines> {
  await import('../theory/catalogue');
  await nextTurn();
  return import('./file-outline');
}

/** What lenses say of an outline. */
export function loadLenses(): Promise<typeof LensTexts> {
  return import('./lens-text');
}

/** What hovers and the details page say of a prediction. */
export function loadMarkdown(): Promise<typeof MarkdownTexts> {
  return import('./markdown-text');
}

/** Experiments to start from. */
export function loadTemplates(): Promise<typeof Templates> {
  return import('../experiment/templates');
}

/** All published results, for the gallery. */
export function loadCatalogue(): Promise<typeof Catalogue> {
  return import('../theory/catalogue');
}

/** Files and pictures made from points of a sweep. */
export async function loadPoints(): Promise<typeof Refined & typeof Repeats> {
  return { ...(await import('../study/refined-sweep')), ...(await import('../study/repeats-figure')) };
}

/** The settings of a run written into a file. */
export function loadSettings(): Promise<typeof Settings> {
  return import('./apply-settings');
}
