/** What a compute worker in a browser, which can read nothing itself, asks of the extension host, and what it is told. */
import type { FromWorker, Source, ToWorker } from '../protocol/compute';

export type Question =
  /** The text of a file that the experiment names. */
  | { readonly what: 'text'; readonly source: Pick<Source, 'path' | 'root'>; readonly path: string }
  /** A file of the product that lies in dist/. */
  | { readonly what: 'asset'; readonly name: string };

export interface Asked {
  readonly type: 'asked';
  readonly number: number;
  readonly question: Question;
}

export type Told = { readonly type: 'told'; readonly number: number } & (
  | { readonly answer: string | Uint8Array }
  /** A DataError of the file that was asked for. */
  | { readonly refusal: { readonly code: string; readonly pointer: string; readonly message: string } }
  | { readonly failure: string }
);

export type ToBrowserWorker = ToWorker | Told;
export type FromBrowserWorker = FromWorker | Asked;
