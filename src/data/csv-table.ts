/** A csv text (RFC 4180) as a table of texts, read by `csv-parse` within limits that hold before and while it reads. */
import { CsvError, parse, type Options } from 'csv-parse/sync';
import { countInWords } from '../numerics/in-words';
import { LIMITS } from '../protocol/limits';
import { DataError } from './dataset';

const POINTER = '/data/path';
/** Of a line, and of a record: the most columns with 40 characters each. What is longer is no data, and takes the reader seconds. */
const LONGEST = 4 * 1024 * 1024;
const OPTIONS: Options = {
  bom: true,
  trim: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  to: LIMITS.samples + 2,
  max_record_size: LONGEST,
};

export interface CsvTable {
  readonly header: readonly string[];
  readonly records: readonly (readonly string[])[];
  /** 1-based line on which a record begins. Counts from the top: for messages. */
  lineOf(record: number): number;
}

/**
 * Quoted fields, any line ends, empty lines and a byte order mark are understood; space around fields is dropped. The first record is the header.
 * @throws DataError "data.csv.syntax", "data.csv.empty", "data.csv.header", "data.too-large"
 */
export function csvTable(text: string): CsvTable {
  checkSize(text);
  const rows = read(text);
  if (rows.length === 0) throw new DataError('data.csv.empty', POINTER, 'The csv file is empty: expected a header line and records.');
  const [header, ...records] = rows;
  if (header.length > LIMITS.features + 1)
    throw syntax(lineOfRow(text, rows, 0), `has more than ${countInWords(LIMITS.features + 1)} fields`);
  checkHeader(header);
  if (records.length === 0) throw new DataError('data.csv.empty', POINTER, 'The csv file has a header and no records.');
  if (records.length > LIMITS.samples) {
    throw new DataError('data.too-large', POINTER, `The csv file has more than ${countInWords(LIMITS.samples)} records.`);
  }
  return { header, records, lineOf: (record) => lineOfRow(text, rows, record + 1) };
}

/** Costs little, so that what costs much is not begun. */
function checkSize(text: string): void {
  if (text.length > LIMITS.csvLength) {
    throw new DataError(
      'data.too-large',
      POINTER,
      `The csv file has ${countInWords(text.length)} characters: expected at most ${countInWords(LIMITS.csvLength)}.`,
    );
  }
  if (text.includes('\0')) throw new DataError('data.csv.syntax', POINTER, 'The csv file holds a NUL character: expected UTF-8 text.');
  let commas = 0;
  let began = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === ',') commas++;
    else if (character === '\n' || character === '\r') began = at + 1;
    if (at - began >= LONGEST) throw syntax(1 + lineEnds(text, 0, began), `has more than ${countInWords(LONGEST)} characters`);
  }
  if (commas > LIMITS.numbers)
    throw new DataError('data.too-large', POINTER, `The csv file has more than ${countInWords(LIMITS.numbers)} fields.`);
}

function read(text: string): string[][] {
  try {
    return parse(text, OPTIONS);
  } catch (error) {
    if (error instanceof CsvError) throw inWords(error, text);
    throw error;
  }
}

function inWords(error: CsvError, text: string): DataError {
  const offset = characters(text, error.bytes);
  const line = 1 + lineEnds(text, 0, fieldFrom(text, offset));
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH': {
      const record = error.record ?? [];
      // Known is where the record ends.
      const lastLine = 1 + lineEnds(text, 0, /[\r\n]/.test(text[offset - 1]) ? offset - 1 : offset);
      const expected = parse(text, { ...OPTIONS, to: 1 })[0].length;
      const found = `${record.length} ${record.length === 1 ? 'field' : 'fields'}`;
      return syntax(lastLine - lineEndsInside(record), `has ${found}: expected ${expected}, as the header has`);
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return syntax(line, 'opens a quote that is never closed');
    case 'CSV_MAX_RECORD_SIZE':
      return syntax(line, `begins a field that ends after more than ${countInWords(LONGEST)} characters: expected a quote that is closed`);
    case 'INVALID_OPENING_QUOTE':
      return syntax(line, 'has a quote inside a field: expected the whole field in quotes, and the quote doubled');
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return syntax(line, 'has text after a closing quote: expected a comma');
    default:
      return syntax(line, `cannot be read (${error.code})`);
  }
}

function syntax(line: number, says: string): DataError {
  return new DataError('data.csv.syntax', POINTER, `Line ${line} of the csv file ${says}.`);
}

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const character = text[at];
    if (character === '\n' || (character === '\r' && text[at + 1] !== '\n')) count++;
  }
  return count;
}

function lineEndsInside(record: readonly string[]): number {
  return record.reduce((count, field) => count + lineEnds(field, 0, field.length), 0);
}

/** Where a field begins, after the comma and the space (empty lines, too) before it. */
function fieldFrom(text: string, offset: number): number {
  const separation = /,?\s*/y;
  separation.lastIndex = offset;
  separation.test(text);
  return separation.lastIndex;
}

/** How many UTF-16 units the first bytes of a text's UTF-8 hold. */
function characters(text: string, bytes: number): number {
  let at = 0;
  for (let read = 0; read < bytes && at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Each half of a surrogate pair stands for two of its four bytes.
    read += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return at;
}

/** Line on which a row begins: after empty lines, and after line ends inside the fields before. */
function lineOfRow(text: string, rows: readonly (readonly string[])[], row: number): number {
  const space = /\s*/y;
  const lineEnd = /\r\n|\r|\n/g;
  let line = 1;
  let at = 0;
  for (let i = 0; ; i++) {
    space.lastIndex = at;
    space.test(text);
    line += lineEnds(text, at, space.lastIndex);
    if (i === row) return line;
    lineEnd.lastIndex = space.lastIndex;
    for (let left = 1 + lineEndsInside(rows[i]); left > 0; left--) {
      lineEnd.test(text);
      line++;
    }
    at = lineEnd.lastIndex;
  }
}

function checkHeader(names: readonly string[]): void {
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
