import assert from 'node:assert/strict';
import { parseExperiment } from '../../../src/experiment/parse';
import { TEMPLATES } from '../../../src/experiment/templates';
import { outlineExperiment } from '../../../src/theory/catalogue';
import { escapeMarkdown } from '../../../src/extension/escape-markdown';
import { detailsMarkdown, draftMarkdown, isWebAddress, predictionMarkdown, type Details } from '../../../src/extension/markdown-text';
import { resultOfPage } from '../../../src/extension/result-pages';
import { panelHtml } from '../../../src/extension/panel-html';
import { shortNumber, verdictText } from '../../../src/extension/wording';
import { aPrediction, aVerdict, anAnalysis } from './builders';

function details(parts: Partial<Details>): Details {
  return { file: 'a.bias.json', analysis: anAnalysis({}), lastRun: null, neighbours: [], typeset: true, ...parts };
}

describe('words', () => {
  it('write numbers short', () => {
    const written = [0, 1, 0.3141592, 12345, 123456, 3.14e-9, -2e-5, 1e300, NaN, Infinity, -Infinity].map(shortNumber);
    assert.deepEqual(written, ['0', '1', '0.314', '12\u202f300', '1.2×10⁵', '3.1×10⁻⁹', '−2×10⁻⁵', '10³⁰⁰', 'not a number', '∞', '−∞']);
  });

  it('read the non-finite numbers of a stored verdict', () => {
    const stored = { ...aVerdict({ outcome: 'disagrees' }), value: 'Infinity' as unknown as number };
    assert.equal(verdictText(stored), 'disagrees · relative distance ∞ > 10⁻⁵');
  });
});

describe('markdown of predictions', () => {
  it('shows every condition with its mark and reason, and the citation as a link', () => {
    const conditions = [
      { text: 'a', holds: true, because: 'margin 0.31' },
      { text: 'b', holds: false, because: 'rank 2' },
      { text: 'c', holds: 'unknown', because: '' },
    ] as const;
    const text = predictionMarkdown(aPrediction({ conditions }), '##');
    for (const line of ['- ✓ a: margin 0\\.31', '- ✗ b: rank 2', '- ? c', '[On things](https://example.org/paper)'])
      assert.ok(text.includes(line), line);
  });

  it('lets no text become markup, HTML or a command', () => {
    const hostile = '[x](command:evil) <img src=x onerror=alert(1)> `a` **b**\n# c';
    const text = escapeMarkdown(hostile);
    assert.ok(!/(?<!\\)[[\]()*`#]/.test(text), text);
    assert.ok(!/[<>\n]/.test(text), text);
    const linked = predictionMarkdown(
      aPrediction({ citation: { authors: 'A', year: 1, title: 'T', venue: 'V', url: 'command:evil' } }),
      '##',
    );
    assert.ok(!linked.includes('command:'));
  });

  it('opens only https addresses', () => {
    assert.ok(isWebAddress('https://arxiv.org/abs/1710.10345'));
    for (const address of ['http://x.org', 'javascript:alert(1)', 'file:///etc/passwd', 'command:x', 'no address'])
      assert.ok(!isWebAddress(address), address);
  });

  it('says what is wrong when nothing is predicted', () => {
    const diagnostic = {
      code: 'x',
      severity: 'error',
      message: 'too many',
      pointer: '',
      offset: 0,
      length: 1,
      line: 3,
      column: 1,
      fixes: [],
    } as const;
    assert.match(detailsMarkdown(details({ analysis: anAnalysis({ predictions: [], diagnostics: [diagnostic] }) })), /line 3: too many/);
    assert.match(detailsMarkdown(details({ analysis: anAnalysis({ predictions: [] }) })), /No published result/);
  });
});

describe('the details page', () => {
  it('shows what the text alone says while the data are looked at', () => {
    const experiment = parseExperiment(TEMPLATES[0].text).experiment;
    assert.ok(experiment);
    const [first] = outlineExperiment(experiment);
    const draft = draftMarkdown('a.bias.json', first, false);
    for (const part of [/^# Prediction for a/u, /Soudry/, /being checked…/u, /- ✓ gradient flow/u, /Citation as BibTeX/])
      assert.match(draft, part);
    assert.match(draftMarkdown('a.bias.json', undefined, false), /The file is being checked…/u);
  });

  it('leads to the notes on a result and to its citation', () => {
    const analysis = anAnalysis({ predictions: [aPrediction({ result: 'a-2000-b' })] });
    const links = '[Notes on this result](results/a-2000-b.md) · [Citation as BibTeX](results/a-2000-b.bib)';
    assert.ok(detailsMarkdown(details({ analysis })).includes(links));
    assert.deepEqual(resultOfPage('/results/a-2000-b.md'), { result: 'a-2000-b', page: 'notes' });
    assert.deepEqual(resultOfPage('/results/a-2000-b.bib'), { result: 'a-2000-b', page: 'citation' });
    assert.equal(resultOfPage('/Prediction for a.md'), null);
  });

  const conditions = [
    { text: 'a', holds: true, because: 'margin 0.31' },
    { text: 'b', holds: 'unknown', because: 'not settled' },
  ] as const;

  it('typesets the formula, or shows it as it is written', () => {
    const analysis = anAnalysis({ predictions: [aPrediction({ formula: 'w(∞) = argmin ‖w‖₂' })] });
    assert.match(detailsMarkdown(details({ analysis })), /^\$\\displaystyle w .*\\Vert_\{2\}\$$/mu);
    assert.match(detailsMarkdown(details({ analysis, typeset: false })), /```text\nw\(∞\) = argmin ‖w‖₂\n```/u);
    const strange = anAnalysis({ predictions: [aPrediction({ formula: 'x ⊕ $y$' })] });
    assert.match(detailsMarkdown(details({ analysis: strange })), /```text\nx ⊕ \$y\$\n```/u);
  });

  it('parts what was checked from what is not known, and says in words how far a result is established', () => {
    const page = (status: 'theorem' | 'conjecture'): string =>
      detailsMarkdown(details({ analysis: anAnalysis({ predictions: [aPrediction({ conditions, applies: false, status })] }) }));
    const [known, open] = page('theorem').split('### What is not known');
    assert.match(known, /✓ a: margin 0\\\.31/);
    assert.match(known, /proved; whether it applies here is not known/);
    assert.match(open, /\? \$b\$: not settled/);
    assert.doesNotMatch(open, /conjecture/);
    assert.match(page('conjecture').split('### What is not known')[1], /a conjecture: not proved/);
  });

  it('shows the verdict and the certificate of the last run', () => {
    const certificate = { kind: 'kkt-residual', value: 1e-12, says: 'KKT residual 1e-12' } as const;
    const verdict = aVerdict({ says: 'They are close.' });
    const page = detailsMarkdown(details({ lastRun: { outcome: 'agrees', stale: true, verdict, certificate } }));
    for (const part of [/\*\*agrees\*\* \(the file or its data have changed since\)/, /They are close/, /KKT residual 1e\\-12/])
      assert.match(page, part);
    assert.doesNotMatch(detailsMarkdown(details({})), /last run/);
  });

  it('shows what single changes would do, one a row', () => {
    const lead = { result: 'r', title: 'A | B', citedAs: 'C 2020', symbol: 'min |w|', status: 'theorem' } as const;
    const neighbours = [
      { change: 'depth: 3 instead of 2', text: '', lead, same: false },
      { change: 'loss: x instead of y', text: '', lead: null, same: false },
    ];
    const rows = detailsMarkdown(details({ neighbours })).match(/^\|.*\|$/gmu) ?? [];
    assert.equal(rows.length, 4);
    // A bar of the text does not end the cell.
    for (const row of rows) assert.equal(row.match(/(?<!\\)\|/gu)?.length, 4, row);
    assert.match(rows[3], /none/);
  });
});

describe('html of the page', () => {
  const html = panelHtml({ cspSource: 'https://host', nonce: 'abc', scriptUri: 'https://host/a"b.js', styleUri: null });

  it('runs only the one script with the nonce', () => {
    assert.match(html, /script-src 'nonce-abc'[;"]/);
    assert.match(html, /default-src 'none'/);
    const scripts = html.match(/<script[^>]*>/g);
    assert.deepEqual(scripts, ['<script nonce="abc" src="https://host/a&quot;b.js">']);
  });

  it('allows no network and no eval', () => {
    assert.ok(!/connect-src|unsafe-eval|script-src[^;]*unsafe-inline/.test(html));
  });
});
