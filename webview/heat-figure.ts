/** A heat map of a figure with its read-out by pointer and keyboard, and its table. */
import type { Figure } from '../src/protocol/report';
import { el } from './dom';
import type { FigureView } from './figure-view';
import { formatNumber } from './format-number';
import { cellAt, cellBox, heatLayout, nameAt, placeText, walk, type Cell, type HeatMap } from './heat-layout';
import { cellImage, namesWidth, paintHeatMap, type HeatPicture } from './heat-map';
import { heatScale, type HeatScale } from './heat-scale';
import { ReadOut, readOutRow } from './read-out';
import { marksText, placeMarks, placeText as runsText, type PlaceMark } from './sweep-state';
import { table } from './tables';
import type { Theme } from './theme';
import { heatPart, type Part } from './vector-chart';

/** Up to so many columns the table has the map's own shape. */
const TABLE_COLUMNS = 24;

export class HeatFigureView implements FigureView {
  readonly element: HTMLElement;
  readonly canvas = el('canvas', { class: 'heat-canvas' });
  readonly legend = [];
  onPlace?: FigureView['onPlace'];
  private readonly frame: HTMLElement;
  private readonly readOut: ReadOut;
  private readonly noteLine = el('p', { class: 'note chart-note' });
  private scale: HeatScale;
  /** Of a sweep, cell by cell. */
  private marks: readonly (PlaceMark | null)[];
  private readonly watcher: ResizeObserver;
  private picture: HeatPicture | null = null;
  private theme: Theme | null = null;
  private cursor: Cell | null = null;
  /** Width of the frame when it was drawn last. */
  private drawnWidth = -1;
  private ratioWatch: MediaQueryList | null = null;
  private readonly redraw = (): void => {
    if (this.theme !== null) this.draw(this.theme);
  };

  constructor(private map: HeatMap) {
    this.scale = heatScale(map.values, map.signed);
    this.marks = placeMarks(map.behind, map.values.length);
    // An application: the arrow keys are ours, not those of a screen reader's reading mode.
    this.frame = el(
      'div',
      { class: 'heat-frame', tabindex: '0', role: 'application', 'aria-roledescription': 'heat map', 'aria-label': this.summary() },
      this.canvas,
    );
    this.readOut = new ReadOut(this.frame);
    this.element = el('div', {}, el('div', { class: 'chart-area' }, this.frame, this.readOut.element), this.noteLine);
    this.noteLine.textContent = this.note();
    this.listen();
    this.watcher = new ResizeObserver(() => {
      if (this.picture !== null && this.frame.clientWidth !== this.drawnWidth) requestAnimationFrame(this.redraw);
    });
    this.watcher.observe(this.frame);
  }

  update(figure: Figure): void {
    if (figure.kind !== 'heat-map') return;
    const { rows, columns } = this.map;
    this.map = figure;
    this.scale = heatScale(figure.values, figure.signed);
    this.marks = placeMarks(figure.behind, figure.values.length);
    this.picture = null;
    if (rows !== figure.rows || columns !== figure.columns) this.cursor = null;
    this.frame.setAttribute('aria-label', this.summary());
    this.noteLine.textContent = this.note();
  }

  draw(theme: Theme): void {
    this.theme = theme;
    const { map, scale } = this;
    const ratio = Math.min(4, Math.max(1, devicePixelRatio));
    this.watchRatio();
    const width = Math.max(200, this.frame.clientWidth);
    this.drawnWidth = this.frame.clientWidth;
    const layout = heatLayout(width, map.rows, map.columns, this.rowLabels(theme));
    if (this.picture === null || this.picture.ratio !== ratio || this.picture.layout.plot.width !== layout.plot.width)
      this.picture = { map, scale, layout, ratio, cells: cellImage(map, scale, layout, ratio), marks: this.marks };
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(layout.height * ratio);
    // Whole device pixels: a canvas that is stretched by a fraction of one is blurred.
    this.canvas.style.width = `${this.canvas.width / ratio}px`;
    this.canvas.style.height = `${this.canvas.height / ratio}px`;
    this.frame.style.height = `${layout.height}px`;
    this.repaint();
  }

  private rowLabels(theme: Theme): number {
    const context = this.canvas.getContext('2d');
    if (context === null) return 0;
    context.font = `${theme.fontSize}px ${theme.font}`;
    return namesWidth(context, this.map.y, this.map.rows) + 8;
  }

  vector(): Part {
    const { map, scale } = this;
    const whole = { left: 0, top: 0, width: map.columns, height: map.rows };
    return heatPart(map, scale, this.marks, () =>
      cellImage(map, scale, { height: map.rows, plot: whole, bar: whole }, 1).toDataURL('image/png'),
    );
  }

  table(): HTMLElement {
    const { rows, columns, values, title, x, y, label } = this.map;
    const rest = 'The JSON report has all of them.';
    const [rowName, columnName] = [y.label || 'row', x.label || 'column'];
    if (columns <= TABLE_COLUMNS)
      return table({
        caption: `${title}: ${label}`,
        rest,
        columns: [
          { title: `${rowName} \\ ${columnName}`, numeric: true, heading: true },
          ...Array.from({ length: columns }, (_, column) => ({ title: nameAt(x, column), numeric: true })),
        ],
        rows,
        cell: (row, column) => (column === 0 ? nameAt(y, row) : formatNumber(values[row * columns + column - 1])),
      });
    return table({
      caption: `${title}: ${label}`,
      rest,
      columns: [
        { title: rowName, numeric: true, heading: true },
        { title: columnName, numeric: true },
        { title: label || 'Value', numeric: true },
      ],
      rows: rows * columns,
      cell: (index, column) => [nameAt(y, Math.floor(index / columns)), nameAt(x, index % columns), formatNumber(values[index], 6)][column],
    });
  }

  destroy(): void {
    this.watcher.disconnect();
    this.ratioWatch?.removeEventListener('change', this.redraw);
  }

  private summary(): string {
    const { title, rows, columns, label, says, x, y } = this.map;
    const { range } = this.scale;
    const values = range === null ? '' : ` ${label || 'Values'} from ${formatNumber(range.min)} to ${formatNumber(range.max)}.`;
    const axes = x.label !== '' && y.label !== '' ? `, ${y.label} by ${x.label}` : '';
    return `Heat map: ${title}, ${formatNumber(rows)} rows × ${formatNumber(columns)} columns${axes}.${values} ${says} Arrow keys move from cell to cell.`;
  }

  private note(): string {
    const { marks } = this;
    const open = (at: number): boolean => marks[at] === 'waiting' || marks[at] === 'running';
    const missing = this.map.values.reduce((count, value, at) => count + (Number.isFinite(value) || open(at) ? 0 : 1), 0);
    return [
      missing === 0
        ? ''
        : `${formatNumber(missing)} ${missing === 1 ? 'cell' : 'cells'} without a finite value ${missing === 1 ? 'is' : 'are'} hatched.`,
      marksText(marks),
      this.scale.kind === 'diverging' ? 'Blue with a dash is negative, orange positive; 0 is white.' : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' ');
  }

  private repaint(): void {
    const context = this.canvas.getContext('2d');
    if (context !== null && this.picture !== null && this.theme !== null) paintHeatMap(context, this.picture, this.theme, this.cursor);
  }

  /** Another screen, or another zoom, has other device pixels. */
  private watchRatio(): void {
    this.ratioWatch?.removeEventListener('change', this.redraw);
    this.ratioWatch = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    this.ratioWatch.addEventListener('change', this.redraw);
  }

  private listen(): void {
    this.frame.addEventListener('pointermove', (event) => {
      const box = this.frame.getBoundingClientRect();
      if (this.picture !== null) this.moveTo(cellAt(this.picture.layout, this.map, event.clientX - box.left, event.clientY - box.top));
    });
    this.frame.addEventListener('pointerleave', () => this.moveTo(null));
    this.frame.addEventListener('click', () => this.tell(true));
    this.frame.addEventListener('blur', () => this.moveTo(null));
    this.frame.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') return this.moveTo(null);
      if (event.key === 'Enter') return this.tell(true);
      const target = walk(this.cursor, event.key, event.shiftKey, event.ctrlKey || event.metaKey, this.map);
      if (target === null) return;
      event.preventDefault();
      this.moveTo(target);
    });
  }

  private tell(chosen: boolean): void {
    const { cursor, map } = this;
    if (cursor === null) return;
    const says = `${placeText(map.y, cursor.row, 'row')}, ${placeText(map.x, cursor.column, 'column')}`;
    this.onPlace?.({ at: cursor.row * map.columns + cursor.column, says }, chosen);
  }

  private moveTo(cell: Cell | null): void {
    const same = cell?.row === this.cursor?.row && cell?.column === this.cursor?.column;
    if (same || this.picture === null) return;
    this.cursor = cell;
    this.repaint();
    if (cell === null) return this.readOut.hide();
    this.tell(false);
    const { map } = this;
    const box = cellBox(this.picture.layout, map, cell);
    const at = cell.row * map.columns + cell.column;
    const value = map.values[at];
    this.readOut.show(
      { x: box.left + box.width / 2, y: box.top + box.height / 2 },
      el('div', { class: 'tip-head' }, `${placeText(map.y, cell.row, 'row')}, ${placeText(map.x, cell.column, 'column')}`),
      readOutRow(null, map.label || 'value', formatNumber(value)),
      map.behind !== undefined && readOutRow(null, map.behind.repeat > 1 ? 'runs' : 'run', runsText(map.behind, at)),
    );
  }
}
