/** Which tables are open, kept across reloads of the page. */
import type { Host } from './host';

export interface OpenTables {
  has(key: string): boolean;
  set(key: string, open: boolean): void;
}

/** Keys kept at most: those of figures differ from run to run. */
const KEPT = 100;

export function openTables(host: Host): OpenTables {
  return {
    has: (key) => host.state().openTables.includes(key),
    set: (key, open) => {
      const others = host.state().openTables.filter((other) => other !== key);
      host.remember({ openTables: open ? [...others, key].slice(-KEPT) : others });
    },
  };
}
