/**
 * Parser, schema, catalogue and sweeps: what takes ten times as long to load as all the rest of the extension. It is a bundle of
 * its own (`dist/theory.js`), loaded with the first experiment and not at activation. The parts are evaluated when they are asked for.
 */
import { setImmediate } from 'node:timers/promises';
import type * as Catalogue from '../theory/catalogue';
import type * as EditorSweep from './editor-sweep';
import type * as FileOutlines from './file-outline';

/** Reads experiments. In two pieces, between which the host is free for others. */
export async function loadOutline(): Promise<typeof FileOutlines> {
  await import('../experiment/parse');
  await setImmediate();
  return import('./file-outline');
}

/** All published results, for the gallery. */
export function loadCatalogue(): Promise<typeof Catalogue> {
  return import('../theory/catalogue');
}

export function loadSweep(): Promise<typeof EditorSweep> {
  return import('./editor-sweep');
}
