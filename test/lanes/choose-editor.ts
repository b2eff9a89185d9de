/**
 * Which VS Code the integration tests run in: the desktop editor where it can be had and shown,
 * else the server with headless Chromium as its window.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from './needs';
import { cacheFolder } from './repository';

export type Editor = 'desktop' | 'server';

export interface Surroundings {
  /** `BIAS_LAB_EDITOR`, which settles it. */
  readonly wanted: string | undefined;
  /** A screen, or the means to make one. */
  readonly display: boolean;
  /** A desktop editor is in the cache. */
  readonly cached: boolean;
  /** Asks whether its download can be reached; asked only when it matters. */
  reachable(): Promise<boolean>;
}

export interface Choice {
  readonly editor: Editor;
  readonly because: string;
}

export async function chooseEditor({ wanted, display, cached, reachable }: Surroundings): Promise<Choice> {
  if (wanted === 'desktop' || wanted === 'server') return { editor: wanted, because: 'BIAS_LAB_EDITOR says so' };
  if (wanted !== undefined && wanted !== '') throw new Error(`BIAS_LAB_EDITOR is desktop or server, not "${wanted}".`);
  if (!display) return { editor: 'server', because: 'there is no display and no xvfb-run' };
  if (cached) return { editor: 'desktop', because: 'it is in the cache' };
  if (await reachable()) return { editor: 'desktop', because: 'its download is reachable' };
  return { editor: 'server', because: 'the desktop download is not reachable' };
}

export function desktopCache(): string {
  return join(cacheFolder(), 'desktop');
}

const PROBE = 'https://update.code.visualstudio.com/api/releases/stable';
const PROBE_DEADLINE = 4000;

export function surroundings(): Surroundings {
  const cache = desktopCache();
  return {
    wanted: process.env['BIAS_LAB_EDITOR'],
    display:
      process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']) || onPath('xvfb-run') !== null,
    cached: existsSync(cache) && readdirSync(cache).some((name) => existsSync(join(cache, name, 'is-complete'))),
    reachable: () =>
      fetch(PROBE, { signal: AbortSignal.timeout(PROBE_DEADLINE) }).then(
        ({ ok }) => ok,
        () => false,
      ),
  };
}
