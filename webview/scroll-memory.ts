/** Where the reader was on the page, kept across reloads. */
import type { Host } from './host';

/** Milliseconds of rest after which a place is remembered. */
const REST = 150;
/** Frames in which the page may still grow to the height it had. */
const PATIENCE = 40;

export class ScrollMemory {
  private watching = false;
  private resting = 0;

  constructor(private readonly host: Host) {}

  /** A run is shown, drawn and remembered as `before` says: the first time, the page goes where it was. */
  shown(runId: string, before: string | null): void {
    if (this.watching) return;
    this.watching = true;
    const { scrollTop } = this.host.state();
    if (runId === before && scrollTop > 0) this.goTo(scrollTop, PATIENCE);
    else this.watch();
  }

  private goTo(top: number, frames: number): void {
    window.scrollTo({ top });
    if (frames === 0 || Math.abs(window.scrollY - top) < 2) this.watch();
    else requestAnimationFrame(() => this.goTo(top, frames - 1));
  }

  private watch(): void {
    window.addEventListener(
      'scroll',
      () => {
        clearTimeout(this.resting);
        this.resting = window.setTimeout(() => this.remember(), REST);
      },
      { passive: true },
    );
  }

  private remember(): void {
    this.host.remember({ scrollTop: Math.round(window.scrollY) });
  }
}
