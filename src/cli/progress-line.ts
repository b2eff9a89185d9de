import type { RunEvent } from '../protocol/compute';
import type { Output } from './terminal';
import { displayWidth, printable, truncate } from './terminal-text';

/** One line at the bottom of a terminal that is rewritten while runs go on; nothing where nobody reads along. */
export class ProgressLine {
  private readonly latest = new Map<string, string>();
  private shown = '';
  private finished = 0;

  constructor(
    private readonly output: Output,
    private readonly runs: number,
  ) {}

  /** @param file name of the run for people */
  update(file: string, event: RunEvent): void {
    if (!this.output.isTTY) return;
    if (event.type === 'predicted') {
      const first = event.predictions.at(0);
      if (first !== undefined) this.latest.set(file, `predicts ${first.symbol}`);
    } else if (event.type === 'progress') {
      this.latest.set(file, `${event.fraction === null ? '' : `${Math.floor(100 * event.fraction)} % `}${event.says}`);
    } else return;
    this.draw();
  }

  finish(file: string): void {
    this.finished += 1;
    this.latest.delete(file);
    this.clear();
  }

  clear(): void {
    if (this.shown !== '') this.output.write('\r\u001b[2K');
    this.shown = '';
  }

  private draw(): void {
    // The oldest run that still goes on: its summary is the next to come.
    const [current] = this.latest;
    if (current === undefined) return;
    const [file, says] = current;
    const count = this.runs > 1 ? `[${this.finished + 1}/${this.runs}] ` : '';
    // One column is left free: a cursor behind the last column would begin a new line.
    const room = this.output.columns() - 1;
    const tail = truncate(printable(says), room);
    const head = truncate(`${count}${printable(file)}`, Math.max(0, room - displayWidth(tail) - 2));
    const line = head === '' ? tail : `${head}  ${tail}`;
    if (line === this.shown) return;
    this.output.write(`\r\u001b[2K${line}`);
    this.shown = line;
  }
}
