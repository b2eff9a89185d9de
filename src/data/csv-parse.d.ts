/**
 * The part of `csv-parse/sync` that is used, for the pure rooms: the package's own declarations bring in those of Node,
 * and with them every name that these rooms may not know.
 */
export interface Options {
  readonly bom: boolean;
  readonly trim: boolean;
  readonly skip_empty_lines: boolean;
  readonly record_delimiter: readonly string[];
  /** Records after which it stops. */
  readonly to: number;
  /** Characters of a record, without commas. */
  readonly max_record_size: number;
}

export function parse(text: string, options: Options): string[][];

export class CsvError extends Error {
  readonly code: string;
  /** 1-based line at which it stopped. */
  readonly lines: number;
  /** Bytes of UTF-8 up to the field that it could not read. */
  readonly bytes: number;
  /** With "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH". */
  readonly record?: readonly string[];
}
