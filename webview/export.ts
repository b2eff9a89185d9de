/** What leaves the page: CSV of the trajectory, Markdown of the verdict, a picture of the charts. */
import { csvOfColumns } from '../src/protocol/csv';
import type { RunView } from '../src/protocol/panel';
import type { Report } from '../src/protocol/report';
import { finalValue } from './final-value';
import { formatDuration, formatNumber } from './format-number';
import type { Curves } from './live-buffer';
import { markerPath, type Marker } from './markers';
import { measureInfo } from './series';
import type { Theme } from './theme';
import {
  CERTIFICATE_WORDS,
  citationText,
  conditionWords,
  limitWord,
  outcomeText,
  STATE_WORDS,
  STATUS_WORDS,
  VERDICT_WORDS,
  verdictMeasure,
} from './words';

/** All rows in full precision, one column a measure. */
export function csvOf(curves: Curves): string {
  return csvOfColumns(curves.names.map((name) => [name, curves.column(name) ?? new Float64Array(curves.rows).fill(Number.NaN)]));
}

/** Text without a meaning of its own in Markdown, on one line. */
export function escapeMarkdown(value: string): string {
  return value.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|~]/g, (sign) => `\\${sign}`);
}

/** The run as a few paragraphs and tables for an issue, a notebook or a paper's draft. */
export function markdownOf(run: RunView): string {
  const { report } = run;
  const lines = [`# ${escapeMarkdown(run.title || run.file)}`, ''];
  if (report === null) {
    lines.push(`${STATE_WORDS[run.state].label}${run.failure === null ? '' : `: ${escapeMarkdown(run.failure)}`}`);
    return `${lines.join('\n')}\n`;
  }
  const { verdict } = report;
  lines.push(`**${VERDICT_WORDS[verdict.outcome].label}**${verdict.says === '' ? '' : `: ${escapeMarkdown(verdict.says)}`}`, '');
  if (verdict.value !== null && verdict.measure !== null) {
    const tolerance = verdict.tolerance === null ? '' : `, ${limitWord(verdict)} ${formatNumber(verdict.tolerance)}`;
    lines.push(`${verdictMeasure(verdict.measure)}: ${formatNumber(verdict.value)}${tolerance}`, '');
  }
  lines.push(
    `${outcomeText(report)}${report.seconds > 0 ? ` in ${formatDuration(report.seconds)}` : ''}. ${escapeMarkdown(report.ended)}`.trim(),
    '',
  );
  lines.push(...predictionLines(report), ...referenceLines(report), ...figureLines(report), ...measureLines(report));
  if (report.fingerprint !== '')
    lines.push(
      `Fingerprint \`${report.fingerprint.replace(/[^0-9a-zA-Z]/g, '')}\`, Implicit Bias Lab ${escapeMarkdown(report.version)}`,
      '',
    );
  return `${lines.join('\n').trimEnd()}\n`;
}

function predictionLines(report: Report): readonly string[] {
  const prediction = report.predictions.find(({ result }) => result === report.verdict.result) ?? report.predictions[0];
  if (prediction === undefined) return [];
  const { url } = prediction.citation;
  return [
    `## Prediction: ${escapeMarkdown(prediction.symbol)}`,
    '',
    escapeMarkdown(prediction.statement),
    '',
    ...prediction.conditions.map(
      ({ text, holds, because }) =>
        `- **${conditionWords(holds).label}**: ${escapeMarkdown(text)}${because === '' ? '' : ` (${escapeMarkdown(because)})`}`,
    ),
    '',
    `${STATUS_WORDS[prediction.status].label}: ${escapeMarkdown(citationText(prediction.citation))}${url === undefined ? '' : ` <${url.replace(/[<>]/g, '')}>`}`,
    '',
  ];
}

function referenceLines(report: Report): readonly string[] {
  if (report.references.length === 0) return [];
  return [
    '## References',
    '',
    '| reference | role | objective | certificate | value |',
    '| --- | --- | ---: | --- | ---: |',
    ...report.references.map(
      ({ title, role, objective, certificate }) =>
        `| ${escapeMarkdown(title)} | ${role} | ${formatNumber(objective, 6)} | ${CERTIFICATE_WORDS[certificate.kind]} | ${formatNumber(certificate.value)} |`,
    ),
    '',
  ];
}

/** Pictures in words. */
function figureLines({ figures }: Report): readonly string[] {
  if (figures.length === 0) return [];
  return [
    '## Figures',
    '',
    ...figures.map(({ title, says }) => `- **${escapeMarkdown(title)}**${says === '' ? '' : `: ${escapeMarkdown(says)}`}`),
    '',
  ];
}

function measureLines(report: Report): readonly string[] {
  const names = Object.keys(report.measures);
  if (names.length === 0) return [];
  return [
    '## At the end',
    '',
    '| measure | value |',
    '| --- | ---: |',
    ...names.map((name) => `| ${escapeMarkdown(measureInfo(name).title)} | ${finalValue(report, name)} |`),
    '',
  ];
}

/** An entry of a legend: a dashed line, a marker on it or alone, or a filled square. */
export interface PictureMark {
  readonly label: string;
  readonly colour: string;
  readonly fill: string | CanvasPattern;
  readonly dash: readonly number[] | null;
  readonly marker?: Marker | null;
}

export interface PicturePart {
  readonly title: string;
  readonly canvas: HTMLCanvasElement;
  readonly legend: readonly PictureMark[];
}

/** All charts below each other with titles and legends, in the theme's colours, as a PNG data URL. */
export function pictureOf(heading: string, parts: readonly PicturePart[], theme: Theme): string {
  const margin = 16;
  const line = theme.fontSize + 8;
  const width = Math.max(320, ...parts.map(({ canvas }) => canvas.clientWidth)) + 2 * margin;
  const picture = document.createElement('canvas');
  const context = picture.getContext('2d');
  if (context === null) throw new Error('the browser gives no 2d context for the picture');
  const font = (weight: string, size: number): string => `${weight} ${size}px ${theme.font}`;
  const place = (draw: boolean): number => {
    let y = margin;
    const text = (words: string, x: number, how: string): void => {
      context.font = how;
      context.fillStyle = theme.foreground;
      context.textBaseline = 'top';
      if (draw) context.fillText(words, x, y, width - x - margin);
    };
    text(heading, margin, font('600', theme.fontSize + 3));
    y += line + 10;
    for (const { title, canvas, legend } of parts) {
      text(title, margin, font('600', theme.fontSize + 1));
      y += line;
      let x = margin;
      for (const mark of legend) {
        const { label } = mark;
        context.font = font('', theme.fontSize);
        const wide = 34 + context.measureText(label).width + 16;
        if (x > margin && x + wide > width - margin) {
          x = margin;
          y += line;
        }
        if (draw) legendMark(context, x, y + theme.fontSize / 2, mark);
        text(label, x + 34, font('', theme.fontSize));
        x += wide;
      }
      if (legend.length > 0) y += line;
      if (draw) context.drawImage(canvas, margin, y, canvas.clientWidth, canvas.clientHeight);
      y += canvas.clientHeight + margin;
    }
    return y;
  };
  const height = place(false);
  // Browsers refuse canvases beyond 16 384 pixels a side.
  const scale = Math.min(2, 16_000 / height, 16_000 / width);
  picture.width = Math.round(width * scale);
  picture.height = Math.round(height * scale);
  context.scale(scale, scale);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  place(true);
  return picture.toDataURL('image/png');
}

function legendMark(context: CanvasRenderingContext2D, x: number, y: number, { colour, fill, dash, marker }: PictureMark): void {
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = 2;
  if (dash !== null) {
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 28, y);
    context.stroke();
  }
  if (marker) {
    context.setLineDash([]);
    context.lineWidth = 1.4;
    context.fillStyle = colour;
    context.translate(x + 7, y - 7);
    const shape = new Path2D(markerPath(marker.shape));
    if (marker.filled) context.fill(shape);
    context.stroke(shape);
  } else if (dash === null) {
    context.fillStyle = fill;
    context.fillRect(x + 8, y - 6, 12, 12);
    context.strokeRect(x + 8, y - 6, 12, 12);
  }
  context.restore();
}

/** Base name for exported files: "two-gaussians" of "examples/two-gaussians.bias.json". */
export function baseName(file: string): string {
  const last = file.split(/[\\/]/).pop() ?? '';
  return (
    last
      .replace(/\.bias\.json$|\.json$/, '')
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .slice(0, 80) || 'experiment'
  );
}
