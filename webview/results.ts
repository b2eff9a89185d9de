/** Entry of the results page: connects the page with the host's messages. */
import type { ToPage } from '../src/protocol/panel';
import { defineControls } from './controls';
import { el } from './dom';
import { connectHost } from './host';
import { figuresOf } from './intake-figures';
import { comparedOf, pointsOf, predictionOf, progressOf, referenceOf, runOf, subjectOf } from './intake';
import { Page, reportError } from './page';
import { text } from './plain';
import { followSystemTheme, savedHost, savedRun } from './saved-host';
import './styles.css';

const saved = savedRun();
const host = saved === null ? connectHost() : savedHost(saved);
if (saved !== null) followSystemTheme();
const root = el('div', { class: 'page' });
// Until the host has said what there is to show, its placeholder stands: "no run yet" would be said of a run that has begun.
root.hidden = true;
document.body.append(root);
const begin = (): void => {
  document.getElementById('app')?.remove();
  root.hidden = false;
};

// Whatever is not caught elsewhere: shown above the page, which stays.
const uncaught = (error: unknown): void => {
  begin();
  reportError(host, 'something on this page', error, root, false);
};
window.addEventListener('error', (event) => {
  // Not an error of ours: the browser says so when a resize is answered in the next frame.
  if (!event.message.startsWith('ResizeObserver loop')) uncaught(event.error ?? event.message);
});
window.addEventListener('unhandledrejection', (event) => uncaught(event.reason));

defineControls();
const page = new Page(host, root);

function receive(message: ToPage): void {
  if (message.type === 'snapshot') {
    begin();
    page.snapshot(runOf(message.run), comparedOf(message.compared));
    return;
  }
  // A late word about a run that is no longer shown.
  if (message.id !== page.runId) return;
  switch (message.type) {
    case 'points':
      return page.points(pointsOf(message.points), message.reset === true);
    case 'progress': {
      const { fraction, says } = progressOf(message);
      return page.progress(fraction, says);
    }
    case 'predicted':
      return page.predicted(Array.isArray(message.predictions) ? message.predictions.map(predictionOf) : [], subjectOf(message.subject));
    case 'reference':
      return page.reference(referenceOf(message.reference));
    case 'figures':
      return page.liveFigures(figuresOf(message.figures));
    case 'cell':
      return page.cell(message.point, figuresOf([message.figure]).at(0) ?? null, text(message.says));
    case 'stale':
      return page.stale(message.stale === true);
    default:
      return message satisfies never;
  }
}

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = event.data;
  if (typeof message !== 'object' || message === null || !('type' in message)) return;
  try {
    receive(message as ToPage);
  } catch (error) {
    uncaught(error);
  }
});
if (saved === null) host.post({ type: 'ready' });
else {
  begin();
  page.snapshot(runOf(saved), []);
}
