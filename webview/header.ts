/** Title, state and actions of the shown run, and the notice that its file has changed. */
import type { RunView } from '../src/protocol/panel';
import { button, menuButton } from './controls';
import { el, fill } from './dom';
import { formatDuration } from './format-number';
import type { Host } from './host';
import { icon } from './icons';
import { STATE_WORDS, WAITING_WORDS } from './words';

export interface HeaderActions {
  exportPicture(): void;
  exportTrajectory(): void;
  exportDrawing(): void;
  exportReport(): void;
  exportPage(): void;
  copyCaption(): void;
  copyMarkdown(): void;
}

export class Header {
  readonly element: HTMLElement;
  private readonly title = el('h1');
  private readonly badge = el('span', { class: 'badge', role: 'status' });
  private readonly file = el('button', { class: 'link-button', type: 'button', title: 'Open the experiment file' });
  private readonly facts = el('span', { class: 'facts' });
  private readonly run: HTMLElement;
  private readonly cancel: HTMLElement;
  private readonly compare: HTMLElement;
  private readonly stop: HTMLElement;
  private readonly banner: HTMLElement;
  private shown: RunView | null = null;

  constructor(
    private readonly host: Host,
    actions: HeaderActions,
  ) {
    const again = (): void => this.host.post({ type: 'run' });
    this.run = button({ label: 'Run', icon: 'play', primary: true, press: again });
    this.cancel = button({ label: 'Cancel', icon: 'stop', press: () => this.host.post({ type: 'cancel' }) });
    this.compare = button({ label: 'Compare…', press: () => this.host.post({ type: 'compare' }) });
    this.stop = button({ label: 'Stop comparing', press: () => this.host.post({ type: 'stop-comparing' }) });
    const finished = (): boolean => this.shown !== null && this.shown.report !== null;
    const exports = menuButton('Export', [
      { label: 'Picture of the charts (PNG)', enabled: () => this.hasCurves(), choose: actions.exportPicture },
      { label: 'Charts and figures (SVG)', enabled: () => this.hasCurves(), choose: actions.exportDrawing },
      { label: 'Trajectory (CSV)', enabled: () => this.hasCurves(), choose: actions.exportTrajectory },
      { label: 'Report (JSON)', enabled: finished, choose: actions.exportReport },
      // A page that is a file already is copied as a file.
      ...(host.saved ? [] : [{ label: 'Report as a web page (HTML)', enabled: finished, choose: actions.exportPage }]),
      { label: 'Copy caption with settings', enabled: finished, choose: actions.copyCaption },
      { label: 'Copy as Markdown', enabled: () => this.shown !== null, choose: actions.copyMarkdown },
    ]);
    this.banner = el('div', { class: 'stale-banner', role: 'status', hidden: true });
    this.file.addEventListener('click', () => this.host.post({ type: 'open-file' }));
    this.element = el(
      'header',
      { class: 'page-header' },
      el(
        'div',
        { class: 'header-row' },
        el('div', { class: 'header-title' }, this.title, el('p', { class: 'header-facts' }, this.badge, this.file, this.facts)),
        el(
          'div',
          { class: 'header-actions', role: 'toolbar', 'aria-label': 'Actions' },
          this.run,
          this.cancel,
          exports,
          this.compare,
          this.stop,
        ),
      ),
      this.banner,
    );
  }

  show(run: RunView | null, comparing: boolean): void {
    this.shown = run;
    const state = run?.state ?? 'empty';
    const words = run?.waiting ? WAITING_WORDS : STATE_WORDS[state];
    this.title.textContent = run?.title || run?.file || 'Implicit Bias Lab';
    const label = run?.kind === 'sweep' && state === 'cancelled' ? 'Paused' : words.label;
    if (this.badge.textContent !== label) fill(this.badge, icon(words.icon), label);
    this.badge.className = `badge tone-${words.tone}`;
    this.file.textContent = run?.file ?? '';
    this.file.hidden = run === null || run.file === '';
    this.facts.textContent = run === null ? '' : facts(run);
    const running = state === 'running';
    const focusLost = document.activeElement === this.cancel && !running;
    // A report from a file has no experiment at hand.
    const alone = this.host.saved || run?.kind === 'saved';
    this.file.disabled = this.host.saved;
    this.run.hidden = running || alone;
    this.cancel.hidden = !running;
    // A sweep keeps what is done: it goes on where it was left.
    const sweep = run?.kind === 'sweep';
    const resumes = sweep && (state === 'cancelled' || state === 'failed');
    const failures = sweep && (run.report?.figures.some(({ behind }) => behind?.states.includes('f')) ?? false);
    const action = resumes ? 'Resume' : failures ? 'Run failed ones again' : state === 'empty' ? 'Run' : 'Run again';
    this.run.lastChild?.replaceWith(action);
    this.cancel.lastChild?.replaceWith(sweep ? 'Pause' : 'Cancel');
    this.compare.hidden = this.host.saved || run === null || run.report === null;
    this.stop.hidden = !comparing;
    if (focusLost) this.run.focus();
    this.stale(run !== null && run.stale && !running);
  }

  stale(stale: boolean): void {
    if (this.banner.hidden === !stale) return;
    this.banner.hidden = !stale;
    if (!stale) fill(this.banner);
    else
      fill(
        this.banner,
        icon('warning'),
        el('span', {}, 'The file or its data have changed since this run.'),
        button({ label: 'Run again', description: 'Run again with the changed file', press: () => this.host.post({ type: 'run' }) }),
        this.shown?.report !== null &&
          button({
            label: "Apply this run's settings",
            description: "Apply this run's settings to the file",
            press: () => this.shown !== null && this.host.post({ type: 'apply-settings', id: this.shown.id }),
          }),
      );
  }

  private hasCurves(): boolean {
    return this.shown !== null && (this.shown.report !== null || this.shown.live.columns.length > 0);
  }
}

function facts(run: RunView): string {
  const started = new Date(run.startedAt);
  const when = Number.isNaN(started.getTime()) ? '' : `started ${started.toLocaleString()}`;
  const duration = run.report === null ? '' : formatDuration(run.report.seconds);
  return [duration === '' ? '' : `took ${duration}`, run.state === 'empty' ? '' : when].filter((part) => part !== '').join(' · ');
}
