import assert from 'node:assert/strict';
import type { Report } from '../../../src/protocol/report';
import { encodeReport } from '../../../src/protocol/report-json';
import { htmlReport, SAVED_RUN } from '../../../src/study/html-report';
import { savedReports, viewOfReport } from '../../../src/study/saved-report';
import { aReport } from '../extension/builders';

const again = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('reports kept as files', () => {
  it('are known one by one, in a list, and as the summary of a sweep', () => {
    const one = JSON.parse(encodeReport(aReport({ title: 'one' }))) as Report;
    assert.deepEqual(
      savedReports(one).map(({ title }) => title),
      ['one'],
    );
    assert.equal(savedReports([one, { ...one, title: 'two' }, 7]).length, 2);
    const summary = {
      format: 1,
      title: 'a sweep',
      experiment: {},
      fingerprint: '',
      version: '1',
      axes: [],
      repeat: 1,
      seconds: 1,
      points: [],
      cells: [],
      figures: [],
    };
    assert.deepEqual(
      savedReports(summary).map(({ title, kernels }) => [title, kernels]),
      [['a sweep', 'sweep']],
    );
  });

  it('are not seen in anything else', () => {
    for (const value of [
      null,
      7,
      'report',
      [],
      {},
      { format: 2 },
      again({ ...aReport({}), verdict: null }),
      { format: 1, data: {}, model: {} },
    ])
      assert.deepEqual(savedReports(value), []);
  });

  it('are shown as finished runs that cannot be run again', () => {
    const view = viewOfReport(aReport({ outcome: 'diverged' }), { id: 'x', file: 'a.report.json' });
    assert.deepEqual([view.kind, view.state, view.file, view.stale], ['saved', 'diverged', 'a.report.json', false]);
  });

  it('as web pages hold the page and the report, and neither can end its element', () => {
    const evil = '</script></style><b>';
    const html = htmlReport(aReport({ title: evil }), { file: 'f', assets: { script: `x="</script>"`, style: '/* </style> */' } });
    assert.equal(html.match(/<\/script>/g)?.length, 2);
    assert.equal(html.match(/<\/style>/g)?.length, 1);
    assert.ok(!html.includes('<b>'));
    const data = new RegExp(`id="${SAVED_RUN}">(.*)</script>`).exec(html)?.[1] ?? '';
    assert.equal((JSON.parse(data) as { report: Report }).report.title, evil);
    assert.match(html, /default-src 'none'/);
  });
});
