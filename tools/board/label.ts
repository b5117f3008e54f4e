/** A label for a unit's box: call sign, unit id, and both as a QR code. It has no secret. */
import PDFDocument from 'pdfkit';
import { create } from 'qrcode';

export type LabelFormat = 'pdf' | 'svg';

export interface LabelText {
  readonly callSign: string;
  readonly unitId: string;
  readonly service: string;
}

/** A common size of label tape. */
const WIDTH_MM = 62;
const HEIGHT_MM = 29;
const MARGIN_MM = 3;
const CODE_MM = HEIGHT_MM - 2 * MARGIN_MM;
const TEXT_MM = MARGIN_MM + CODE_MM + 3;
const TEXT_WIDTH_MM = WIDTH_MM - MARGIN_MM - TEXT_MM;
const FONT = 'Helvetica';
/** Baselines and greatest sizes of the three lines of text. */
const LINES_MM = [
  { at: 12, size: 8 },
  { at: 19, size: 4 },
  { at: 25, size: 3.2 },
] as const;
const POINTS_PER_MM = 72 / 25.4;

/** What the QR code says. */
function codeText({ unitId, callSign }: LabelText): string {
  return `${unitId} ${callSign}`;
}

export async function label(text: LabelText, format: LabelFormat): Promise<Buffer> {
  return format === 'svg' ? Buffer.from(svgLabel(text)) : await pdfLabel(text);
}

/** The dark modules as one path, in modules, and how many there are along a side. */
function codePath(text: LabelText): { path: string; size: number } {
  const { modules } = create(codeText(text), { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const dark = Array.from({ length: size * size }, (_, i) => i).filter((i) => modules.data[i]);
  const path = dark.map((i) => `M${i % size} ${Math.floor(i / size)}h1v1h-1z`).join('');
  return { path, size };
}

interface Line {
  readonly text: string;
  /** Its baseline, in mm from the top. */
  readonly at: number;
  /** Of the font, in mm: as large as the label is wide enough for. */
  readonly size: number;
}

function linesOf({ callSign, unitId, service }: LabelText): Line[] {
  const ruler = new PDFDocument({ autoFirstPage: false }).font(FONT).fontSize(1);
  return [callSign, unitId, service].map((text, i) => {
    const { at, size } = LINES_MM[i] as (typeof LINES_MM)[number];
    return { text, at, size: Math.min(size, TEXT_WIDTH_MM / ruler.widthOfString(text)) };
  });
}

function svgLabel(text: LabelText): string {
  const { path, size } = codePath(text);
  const lines = linesOf(text).map(({ text: words, at, size: height }) => {
    const place = `x="${TEXT_MM}" y="${at}" font-size="${height}"`;
    return `<text ${place}>${escapeXml(words)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_MM}mm" height="${HEIGHT_MM}mm" viewBox="0 0 ${WIDTH_MM} ${HEIGHT_MM}" font-family="Helvetica, Arial, sans-serif">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<path transform="translate(${MARGIN_MM} ${MARGIN_MM}) scale(${CODE_MM / size})" d="${path}"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n');
}

async function pdfLabel(text: LabelText): Promise<Buffer> {
  const { path, size } = codePath(text);
  const document = new PDFDocument({
    size: [WIDTH_MM * POINTS_PER_MM, HEIGHT_MM * POINTS_PER_MM],
    margin: 0,
    info: { Title: text.callSign },
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => document.on('end', resolve));
  document.scale(POINTS_PER_MM);
  document
    .save()
    .translate(MARGIN_MM, MARGIN_MM)
    .scale(CODE_MM / size);
  document.path(path).fill('black').restore();
  for (const { text: words, at, size: height } of linesOf(text)) {
    const options = { lineBreak: false, baseline: 'alphabetic' } as const;
    document.font(FONT).fontSize(height).text(words, TEXT_MM, at, options);
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
