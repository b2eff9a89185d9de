import assert from 'node:assert/strict';
import { detailsMarkdown, escapeMarkdown, isWebAddress, predictionMarkdown } from '../../../src/extension/markdown-text';
import { panelHtml } from '../../../src/extension/panel-html';
import { shortNumber, verdictText } from '../../../src/extension/wording';
import { aPrediction, aVerdict, anAnalysis } from './builders';

describe('words', () => {
  it('write numbers short', () => {
    const written = [0, 1, 0.3141592, 12345, 123456, 3.14e-9, -2e-5, 1e300, NaN, Infinity, -Infinity].map(shortNumber);
    assert.deepEqual(written, ['0', '1', '0.314', '12300', '1.2e5', '3.1e-9', '-2e-5', '1e300', 'NaN', '∞', '−∞']);
  });

  it('read the non-finite numbers of a stored verdict', () => {
    const stored = { ...aVerdict({ outcome: 'disagrees' }), value: 'Infinity' as unknown as number };
    assert.equal(verdictText(stored), 'disagrees · relative distance ∞ > 1e-5');
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
    assert.match(detailsMarkdown('a.bias.json', anAnalysis({ predictions: [], diagnostics: [diagnostic] })), /line 3: too many/);
    assert.match(detailsMarkdown('a.bias.json', anAnalysis({ predictions: [] })), /No published result/);
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
