/** The first thing to read: the verdict, or what stands in its place while there is none. */
import type { RunView } from '../src/protocol/panel';
import type { Prediction, Report } from '../src/protocol/report';
import { button, progressRing, tag } from './controls';
import { el, fill, hiddenText, type Child } from './dom';
import { formatNumber, formatPercent } from './format-number';
import { againstTolerance, gauge } from './gauge';
import type { Host } from './host';
import { icon, type IconName } from './icons';
import { lastDrawable, measureLabel, valueText } from './series';
import { curvesOf } from './live-buffer';
import { table } from './tables';
import { citationText, limitWord, outcomeText, STATE_WORDS, STATUS_WORDS, VERDICT_WORDS, verdictMeasure, WAITING_WORDS } from './words';

/** The card at the top of the page. Its height is reserved, so that the verdict takes the place of the progress without a jump. */
export class VerdictCard {
  readonly element = el('section', { class: 'verdict', 'aria-label': 'Verdict' });
  private bar: HTMLElement | null = null;
  private says: HTMLElement | null = null;
  private percent: HTMLElement | null = null;

  constructor(private readonly host: Host) {}

  show(run: RunView | null): void {
    this.bar = this.says = this.percent = null;
    this.element.dataset['state'] = run?.state ?? 'empty';
    this.element.dataset['kind'] = run?.kind ?? 'run';
    fill(this.element, ...this.contents(run));
    if (run?.progress) this.progress(run.progress.fraction, run.progress.says);
  }

  /** Follows a run without building anything anew. */
  progress(fraction: number | null, says: string): void {
    if (this.bar === null || this.says === null || this.percent === null) return;
    this.says.textContent = says === '' ? 'Working' : says;
    this.percent.textContent = fraction === null ? '' : formatPercent(fraction);
    this.bar.classList.toggle('bar-open', fraction === null);
    if (fraction === null) this.bar.removeAttribute('aria-valuenow');
    else this.bar.setAttribute('aria-valuenow', String(Math.round(fraction * 100)));
    const inner = this.bar.firstElementChild;
    if (inner instanceof HTMLElement) inner.style.width = fraction === null ? '' : `${(fraction * 100).toFixed(1)}%`;
  }

  private contents(run: RunView | null): readonly Child[] {
    if (run === null || run.state === 'empty') return this.empty(run);
    if ((run.state === 'stuck' || run.state === 'diverged') && run.report !== null && isJudged(run.report)) return this.verdict(run.report);
    switch (run.state) {
      case 'running':
        return this.running(run);
      case 'failed':
        return this.failed(run);
      case 'stuck':
        return this.stuck(run);
      case 'diverged':
        return this.diverged(run);
      case 'cancelled':
        return this.cancelled(run);
      case 'done':
        return run.report === null
          ? [headline('warning', 'unsure', 'This run has no report', 'Run the experiment again.')]
          : this.verdict(run.report);
      default:
        return run.state satisfies never;
    }
  }

  private verdict(report: Report): readonly Child[] {
    const { verdict } = report;
    const words = VERDICT_WORDS[verdict.outcome];
    return [
      headline(words.icon, words.tone, words.label, verdict.says),
      expected(report),
      ...this.measured(report),
      this.cited(report),
      ended(report),
    ];
  }

  private measured({ verdict }: Report): readonly Child[] {
    if (verdict.value === null || verdict.measure === null) return [];
    const measure = verdictMeasure(verdict.measure);
    const facts = el(
      'p',
      { class: 'measured' },
      el('span', {}, `${capital(measure)} `),
      el('strong', { class: 'figure' }, formatNumber(verdict.value)),
    );
    if (verdict.tolerance === null) return [facts];
    // Of another version perhaps: an agreement beyond its tolerance would be drawn as none.
    if (verdict.outcome === 'agrees' && !(verdict.value <= verdict.tolerance)) {
      facts.append(` · ${limitWord(verdict)} ${formatNumber(verdict.tolerance)}`);
      return [facts];
    }
    const relation = againstTolerance(verdict.value, verdict.tolerance, verdict.limit);
    facts.append(` · ${limitWord(verdict)} ${formatNumber(verdict.tolerance)}`, relation === '' ? '' : ` · ${relation}`);
    return [
      facts,
      gauge(
        verdict.value,
        verdict.tolerance,
        `${capital(measure)} ${formatNumber(verdict.value)} against ${limitWord(verdict)} ${formatNumber(verdict.tolerance)}: ${relation}.`,
        verdict.limit,
      ),
    ];
  }

  private cited({ verdict, predictions }: Report): Child {
    const prediction = verdict.result === null ? undefined : predictions.find(({ result }) => result === verdict.result);
    return prediction === undefined ? null : citation(prediction, this.host);
  }

  private running(run: RunView): readonly Child[] {
    const words = run.waiting ? WAITING_WORDS : STATE_WORDS.running;
    const [first] = run.predictions;
    this.says = el('span', { class: 'progress-says' }, 'Starting');
    this.percent = el('span', { class: 'progress-percent' });
    this.bar = el(
      'div',
      { class: 'bar bar-open', role: 'progressbar', 'aria-label': 'Progress of the run', 'aria-valuemin': '0', 'aria-valuemax': '100' },
      el('div', { class: 'bar-inner' }),
    );
    return [
      el('div', { class: 'headline tone-plain' }, run.waiting ? icon(WAITING_WORDS.icon) : progressRing(), el('h2', {}, words.label)),
      el('p', { class: 'progress-line' }, this.says, this.percent),
      // What moves would say that something is done.
      !run.waiting && this.bar,
      first !== undefined &&
        el(
          'p',
          { class: 'says' },
          first.applies ? 'Theory predicts ' : 'No prediction applies. Closest: ',
          el('strong', {}, first.symbol),
          '.',
        ),
      first !== undefined && citation(first, this.host),
    ];
  }

  private empty(run: RunView | null): readonly Child[] {
    const [first] = run?.predictions ?? [];
    return [
      headline('circle', 'plain', 'No run yet', 'Run the experiment to see its curves and whether training agrees with the prediction.'),
      first !== undefined && el('p', { class: 'says' }, 'Theory predicts ', el('strong', {}, first.symbol), '.'),
      el(
        'ul',
        { class: 'hints' },
        el('li', {}, 'Press Run above, or the Run lens on the first line of the experiment file.'),
        el('li', {}, 'Or open the Command Palette and choose “Implicit Bias Lab: Run Experiment”.'),
      ),
      first !== undefined && citation(first, this.host),
    ];
  }

  private failed(run: RunView): readonly Child[] {
    const reason = run.failure ?? run.report?.ended ?? '';
    const says = reason === '' ? 'No reason was given; the log of the extension may have one.' : reason;
    if (run.kind === 'sweep')
      return [
        headline('warning', 'bad', 'The sweep failed', says),
        el('p', { class: 'note' }, 'The runs that are done are kept. Once the reason is gone, Resume does the others.'),
        this.opensFile(run),
      ];
    return [
      headline('warning', 'bad', 'The run failed', says),
      el(
        'ul',
        { class: 'hints' },
        el('li', {}, 'If the reason names a place in the file, correct it there; the Problems view lists the same.'),
        el('li', {}, 'If the machine ran out of memory or time, use fewer samples, features or recorded points.'),
        el('li', {}, 'Then run again: a failed run leaves nothing behind.'),
      ),
      this.opensFile(run),
    ];
  }

  private opensFile({ file }: RunView): Child {
    const open = (): void => this.host.post({ type: 'open-file' });
    return file !== '' && el('p', { class: 'actions' }, button({ label: 'Open the file', press: open }));
  }

  private diverged(run: RunView): readonly Child[] {
    const { report } = run;
    return [
      headline('burst', 'bad', 'The run diverged', report?.ended || 'The loss or the parameters grew without bound.'),
      report !== null && aside(report),
      report !== null && expected(report),
      report !== null && lastFinite(report),
      el(
        'ul',
        { class: 'hints' },
        el(
          'li',
          {},
          'A step size beyond 2/λ_max makes gradient descent diverge on a quadratic; the editor shows that number above “optimizer”.',
        ),
        el('li', {}, 'Use a smaller stepSize, a smaller init scale, or gradient-flow, which chooses its own steps.'),
      ),
    ];
  }

  private stuck(run: RunView): readonly Child[] {
    const { report } = run;
    return [
      headline('warning', 'bad', 'The flow is stuck', report?.ended || 'No step, however short, follows the flow from here.'),
      report !== null && aside(report),
      report !== null && expected(report),
      report !== null && lastFinite(report),
      el(
        'ul',
        { class: 'hints' },
        el('li', {}, 'Nothing grew without bound: the flow has no single way on from that point.'),
        el(
          'li',
          {},
          'Start beside it, with a small init scale in place of 0 for instance, or use gradient-descent, whose steps jump over kinks.',
        ),
      ),
    ];
  }

  private cancelled(run: RunView): readonly Child[] {
    const { report } = run;
    if (run.kind === 'sweep' && report !== null)
      return [
        headline('stop', 'unsure', 'The sweep is paused', report.verdict.says),
        el('p', { class: 'says' }, report.ended),
        el('p', { class: 'note' }, 'The pictures below are of the runs that are done. Resume does the others.'),
      ];
    return [
      headline('stop', 'unsure', 'The run was cancelled', report?.ended || 'The curves up to that point are kept below.'),
      report !== null && report.verdict.says !== '' && el('p', { class: 'says' }, report.verdict.says),
      report !== null && lastFinite(report),
      el('p', { class: 'note' }, 'The curves and numbers below are those of the part that was run. They can be exported.'),
    ];
  }
}

function headline(name: IconName, tone: string, title: string, says: string): HTMLElement {
  return el(
    'div',
    { class: `headline tone-${tone}` },
    icon(name),
    el('div', {}, el('h2', {}, title), says !== '' && el('p', { class: 'sentence' }, says)),
  );
}

/** There are results whose prediction is that a run ends so. */
function isJudged({ verdict }: Report): boolean {
  return verdict.outcome === 'agrees' || verdict.outcome === 'disagrees';
}

function expected({ asExpected }: Report): Child {
  if (asExpected === null) return null;
  return el('p', { class: 'says' }, `The file expects a verdict; this one is ${asExpected ? 'as expected' : 'not the expected one'}.`);
}

/** What a verdict says of a run that is shown by how it ended. */
function aside({ verdict }: Report): Child {
  return verdict.says !== '' && el('p', { class: 'says' }, `${VERDICT_WORDS[verdict.outcome].label}: ${verdict.says}`);
}

function ended(report: Report): Child {
  return el('p', { class: 'note' }, `${outcomeText(report)}.${report.ended === '' ? '' : ` ${report.ended}`}`);
}

/** Citation with link and how far the result is established. */
export function citation(prediction: Prediction, host: Host): HTMLElement {
  const { url } = prediction.citation;
  const status = STATUS_WORDS[prediction.status];
  const line = el(
    'p',
    { class: 'citation' },
    tag(status.label),
    hiddenText(` (${status.says}) `),
    el('cite', {}, citationText(prediction.citation)),
  );
  if (url !== undefined) {
    const link = el(
      'a',
      { href: url, class: 'paper-link', 'aria-label': `Open the paper: ${prediction.citation.title}` },
      'Open the paper',
    );
    link.addEventListener('click', (event) => {
      event.preventDefault();
      host.post({ type: 'open-link', url });
    });
    line.append(' ', link);
  }
  return line;
}

function lastFinite(report: Report): Child {
  const curves = curvesOf(report.trajectory);
  const rows = curves.names.flatMap((name) => {
    const column = curves.column(name);
    const row = column === null ? -1 : lastDrawable(column, curves.rows);
    return row < 0 ? [] : [{ name, value: valueText(curves, name, row) }];
  });
  if (rows.length === 0) return null;
  return el(
    'details',
    { class: 'last-finite' },
    el('summary', {}, 'Last finite values'),
    table({
      caption: 'Last finite value of every recorded measure',
      columns: [
        { title: 'Measure', numeric: false, heading: true },
        { title: 'Last finite value', numeric: true },
      ],
      rows: rows.length,
      cell: (row, column) => (column === 0 ? measureLabel(rows[row].name) : rows[row].value),
    }),
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
