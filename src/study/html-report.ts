/**
 * A report as one HTML file that needs nothing beside it: the results page with its script and style inside, and the report as data.
 * It opens by a double click in any browser, loads nothing, and may run no other script than its own.
 *
 *     const html = htmlReport(report, { file: 'c1-max-margin.bias.json', assets: await readPageAssets(folderOfTheBundles) });
 *
 * `readPageAssets` of `worker/page-assets.ts` reads the built page (`dist/results.js`, `dist/results.css`) from the folder in which the
 * bundles lie; in `dist/cli.js` and `dist/extension.js` alike that is `__dirname`. For a report read from disk, `savedReport` of
 * `study/saved-report.ts` says whether it is one.
 */
import type { RunView } from '../protocol/panel';
import type { Report } from '../protocol/report';
import { toPlain } from '../protocol/report-json';
import { viewOfReport } from './saved-report';

/** The built results page, as text. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

export interface HtmlReportOptions {
  /** Name of the experiment file, for people. */
  readonly file: string;
  readonly assets: PageAssets;
}

/** Where the page looks for its run: the id of the element that holds it as JSON. */
export const SAVED_RUN = 'saved-run';

/** The one script is known by it. Nothing of the report is markup or script, so it need not be a secret. */
const NONCE = 'implicit-bias-lab';
const POLICY = `default-src 'none'; script-src 'nonce-${NONCE}'; style-src 'unsafe-inline'; img-src data: blob:`;

export function htmlReport(report: Report, { file, assets }: HtmlReportOptions): string {
  const view: RunView = viewOfReport(report, { id: 'saved', file });
  // "<" inside JSON strings alone: as an escape it cannot end the element.
  const data = JSON.stringify(toPlain({ ...view, live: null })).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="en" class="saved">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${escaped(report.title || file)}</title>
<style>${assets.style.replace(/<\/style/giu, '<\\/style')}</style>
</head>
<body>
<main id="app"><noscript><h1>${escaped(report.title || file)}</h1><p>${escaped(report.verdict.says)}</p></noscript></main>
<script type="application/json" id="${SAVED_RUN}">${data}</script>
<script nonce="${NONCE}">${assets.script.replace(/<\/script/giu, '<\\/script').replaceAll('<!--', '\\u003c!--')}</script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
