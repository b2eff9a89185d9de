/**
 * A csv text (RFC 4180) as a table of texts, with the line on which every record begins.
 * Stops at the first record that does not fit, so that a hostile file costs no more than its first mistake.
 */
import { LIMITS } from '../protocol/limits';
import { DataError } from './dataset';

const POINTER = '/data/path';
const QUOTE = 34;
const COMMA = 44;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export interface CsvTable {
  readonly header: readonly string[];
  readonly records: readonly (readonly string[])[];
  /** 1-based line on which each record begins. */
  readonly lines: readonly number[];
}

/**
 * Quoted fields, any line ends, empty lines and a byte order mark are understood; space around fields is dropped. The first record is the header.
 * @throws DataError "data.csv.syntax", "data.csv.empty", "data.csv.header", "data.too-large"
 */
export function csvTable(text: string): CsvTable {
  if (text.length > LIMITS.csvLength) {
    throw new DataError('data.too-large', POINTER, `The csv file has ${text.length} characters: expected at most ${LIMITS.csvLength}.`);
  }
  if (text.includes('\0')) throw new DataError('data.csv.syntax', POINTER, 'The csv file holds a NUL character: expected UTF-8 text.');
  const reader = new RecordReader(text);
  const header = reader.next(LIMITS.features + 1);
  if (header === null) throw new DataError('data.csv.empty', POINTER, 'The csv file is empty: expected a header line and records.');
  checkHeader(header);
  const records: string[][] = [];
  const lines: number[] = [];
  for (;;) {
    const record = reader.next(header.length);
    if (record === null) break;
    if (record.length < header.length) {
      throw syntax(
        reader.line,
        `has ${record.length} ${record.length === 1 ? 'field' : 'fields'}: expected ${header.length}, as the header has`,
      );
    }
    records.push(record);
    lines.push(reader.line);
    if (records.length > LIMITS.samples) {
      throw new DataError('data.too-large', POINTER, `The csv file has more than ${LIMITS.samples} records.`);
    }
    if (records.length * header.length > LIMITS.numbers) {
      throw new DataError('data.too-large', POINTER, `The csv file has more than ${LIMITS.numbers} fields.`);
    }
  }
  if (records.length === 0) throw new DataError('data.csv.empty', POINTER, 'The csv file has a header and no records.');
  return { header, records, lines };
}

function syntax(line: number, says: string): DataError {
  return new DataError('data.csv.syntax', POINTER, `Line ${line} of the csv file ${says}.`);
}

class RecordReader {
  /** Line on which the last record began. */
  line = 1;
  private position = 0;
  private currentLine = 1;

  constructor(private readonly text: string) {
    if (text.charCodeAt(0) === 0xfeff) this.position = 1;
  }

  /** The next record that is not an empty line, null at the end. */
  next(mostFields: number): string[] | null {
    this.skipEmptyLines();
    if (this.position >= this.text.length) return null;
    this.line = this.currentLine;
    const fields: string[] = [];
    do {
      if (fields.length === mostFields) throw syntax(this.line, `has more than ${mostFields} ${mostFields === 1 ? 'field' : 'fields'}`);
      fields.push(this.field());
    } while (this.separated());
    return fields;
  }

  private skipEmptyLines(): void {
    const { text } = this;
    for (let at = this.position; ; at++) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED || code === CARRIAGE_RETURN) {
        if (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED) at++;
        this.position = at + 1;
        this.currentLine++;
      } else if (code !== 32 && code !== 9) {
        if (at >= text.length) this.position = at;
        return;
      }
    }
  }

  /** True after a comma; at the end of a line moves behind it. */
  private separated(): boolean {
    const code = this.text.charCodeAt(this.position);
    if (code === COMMA) {
      this.position++;
      return true;
    }
    if (this.position < this.text.length) {
      this.position += code === CARRIAGE_RETURN && this.text.charCodeAt(this.position + 1) === LINE_FEED ? 2 : 1;
      this.currentLine++;
    }
    return false;
  }

  private field(): string {
    this.skipSpace();
    if (this.text.charCodeAt(this.position) === QUOTE) return this.quoted();
    const from = this.position;
    let at = from;
    for (; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === COMMA || code === LINE_FEED || code === CARRIAGE_RETURN) break;
      if (code === QUOTE)
        throw syntax(this.currentLine, 'has a quote inside a field: expected the whole field in quotes, and the quote doubled');
    }
    this.position = at;
    return this.text.slice(from, at).trimEnd();
  }

  private quoted(): string {
    const { text } = this;
    const opened = this.currentLine;
    let value = '';
    let from = this.position + 1;
    for (;;) {
      const end = text.indexOf('"', from);
      if (end < 0) throw syntax(opened, 'opens a quote that is never closed');
      const part = text.slice(from, end);
      for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) this.currentLine++;
      value += part;
      from = end + 2;
      if (text.charCodeAt(end + 1) !== QUOTE) {
        this.position = end + 1;
        break;
      }
      value += '"';
    }
    this.skipSpace();
    const code = text.charCodeAt(this.position);
    if (this.position < text.length && code !== COMMA && code !== LINE_FEED && code !== CARRIAGE_RETURN) {
      throw syntax(this.currentLine, 'has text after a closing quote: expected a comma');
    }
    return value;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code !== 32 && code !== 9) return;
      this.position++;
    }
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
