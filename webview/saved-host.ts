/** The page as a file of its own: the run is inside it, and what leaves it is downloaded. */
import type { FromPage } from '../src/protocol/panel';
import { fields } from './plain';
import type { Host } from './host';
import { pageStateOf } from './intake';
import { isPrinting, PRINTING } from './theme';

type Export = Extract<FromPage, { readonly type: 'export' }>;

const TYPES: Readonly<Record<Exclude<Export['format'], 'png'>, string>> = {
  svg: 'image/svg+xml',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
  markdown: 'text/markdown',
  caption: 'text/plain',
};

/** The run that the file holds; null in a page that lives in an editor. */
export function savedRun(): unknown {
  const holder = document.getElementById('saved-run');
  return holder === null ? null : (JSON.parse(holder.textContent) as unknown);
}

export function savedHost(run: unknown): Host {
  let state = pageStateOf(null);
  return {
    saved: true,
    post: (message) => {
      if (message.type === 'export') deliver(message, run);
      else if (message.type === 'open-link') window.open(message.url, '_blank', 'noopener');
    },
    state: () => state,
    remember: (change) => {
      state = { ...state, ...change };
    },
  };
}

/** The editor's colours, which a browser does not bring: light or dark as the system has it, and light on paper. */
export function followSystemTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    document.body.className = dark.matches && !isPrinting() ? 'vscode-dark' : 'vscode-light';
  };
  const print = (printing: boolean): void => {
    document.documentElement.classList.toggle(PRINTING, printing);
    apply();
  };
  dark.addEventListener('change', apply);
  window.addEventListener('beforeprint', () => print(true));
  window.addEventListener('afterprint', () => print(false));
  apply();
}

function deliver({ format, name, content }: Export, run: unknown): void {
  switch (format) {
    case 'markdown':
    case 'caption':
      // Where the browser keeps its clipboard from files, the text is saved instead.
      void navigator.clipboard.writeText(content).catch(() => download(`${name}.txt`, new Blob([content], { type: TYPES[format] })));
      return;
    case 'png':
      return download(name, bytesOf(content));
    case 'json':
      return download(name, new Blob([JSON.stringify(fields(run).report, null, 1)], { type: TYPES.json }));
    case 'html':
      return;
    case 'svg':
    case 'csv':
      return download(name, new Blob([content], { type: TYPES[format] }));
    default:
      return format satisfies never;
  }
}

function bytesOf(url: string): Blob {
  const binary = atob(url.slice(url.indexOf(',') + 1));
  return new Blob([Uint8Array.from(binary, (sign) => sign.charCodeAt(0))], { type: 'image/png' });
}

function download(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
