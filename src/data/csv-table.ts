/** A csv text as a table of texts, with the line of every record. */
import { CsvError, parse } from 'csv-parse/sync';
import { LIMITS } from '../protocol/limits';
import { DataError } from './dataset';

const POINTER = '/data/path';
/** Longest record: a quote that is never closed must not swallow the file. */
const MOST_RECORD = 4 * 1024 * 1024;

export interface CsvTable {
  readonly header: readonly string[];
  readonly records: readonly (readonly string[])[];
  /** 1-based line on which a record ends; slow, for messages. */
  lineOf(record: number): number;
}

/**
 * Quoted fields, CRLF and a byte order mark are understood; the first line is the header.
 * @throws DataError "data.csv.syntax", "data.csv.empty", "data.csv.header", "data.too-large"
 */
export function csvTable(text: string): CsvTable {
  if (text.length > LIMITS.csvLength) {
    throw new DataError('data.too-large', POINTER, `The csv file has ${text.length} characters: expected at most ${LIMITS.csvLength}.`);
  }
  if (text.includes('\0')) throw new DataError('data.csv.syntax', POINTER, 'The csv file holds a NUL character: expected UTF-8 text.');
  const rows = parseRows(text);
  const [header, ...records] = rows;
  if (header === undefined) throw new DataError('data.csv.empty', POINTER, 'The csv file is empty: expected a header line and records.');
  const names = header.map((name) => name.trim());
  checkHeader(names);
  if (records.length === 0) throw new DataError('data.csv.empty', POINTER, 'The csv file has a header and no records.');
  if (records.length > LIMITS.samples) {
    throw new DataError('data.too-large', POINTER, `The csv file has more than ${LIMITS.samples} records.`);
  }
  return { header: names, records, lineOf: (record) => lineOf(text, record) };
}

function options(): { bom: boolean; skip_empty_lines: boolean; to: number; max_record_size: number } {
  return { bom: true, skip_empty_lines: true, to: LIMITS.samples + 2, max_record_size: MOST_RECORD };
}

function parseRows(text: string): string[][] {
  try {
    return parse(text, options());
  } catch (error) {
    if (error instanceof CsvError) throw new DataError('data.csv.syntax', POINTER, syntaxSays(error));
    throw error;
  }
}

function syntaxSays(error: CsvError): string {
  const detail = error as CsvError & { readonly lines?: unknown; readonly record?: unknown; readonly column?: unknown };
  const line = typeof detail.lines === 'number' ? `Line ${detail.lines}` : 'The csv file';
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
    case 'CSV_RECORD_INCONSISTENT_COLUMNS': {
      const found = Array.isArray(detail.record) ? `${detail.record.length}` : 'another number of';
      return `${line} of the csv file has ${found} fields: expected as many as the header has.`;
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return `${line} of the csv file opens a quote that is never closed.`;
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return `${line} of the csv file has a quote inside a field: expected it doubled, and the field in quotes.`;
    case 'CSV_MAX_RECORD_SIZE':
      return `${line} of the csv file begins a record of more than ${MOST_RECORD} characters.`;
    default:
      return `${line} of the csv file cannot be read (${error.code}).`;
  }
}

function checkHeader(names: readonly string[]): void {
  if (names.length > LIMITS.features + 1) {
    throw new DataError('data.too-large', POINTER, `The csv file has ${names.length} columns: expected at most ${LIMITS.features + 1}.`);
  }
  if (names.length === 1 && /[;\t|]/.test(names[0])) {
    throw new DataError(
      'data.csv.header',
      POINTER,
      'The header of the csv file has a single column: expected columns separated by commas.',
    );
  }
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const first = seen.get(name);
    if (first !== undefined && name !== '') {
      throw new DataError(
        'data.csv.header',
        POINTER,
        `Columns ${first} and ${index} of the csv file are both named ${JSON.stringify(name)}.`,
      );
    }
    seen.set(name, index);
  });
}

function lineOf(text: string, record: number): number {
  // Two beyond the 0-based record: the header, and `to` counting from 1.
  const rows = parse(text, { ...options(), to: record + 2, info: true }) as unknown as readonly {
    readonly info: { readonly lines: number };
  }[];
  return rows[record + 1].info.lines;
}
