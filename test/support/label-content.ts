/** What a label says, read back from its file: the code by another's reader, and the texts. */
import { inflateSync } from 'node:zlib';
import { decodeQR } from 'qr/decode.js';

export interface LabelContent {
  /** What the QR code says. */
  readonly code: string;
  readonly texts: readonly string[];
}

/** Pixels of a module's side, and modules of the white around it. */
const SCALE = 4;
const QUIET = 4;

export function readSvgLabel(svg: string): LabelContent {
  const path = /<path [^>]*d="([^"]*)"/.exec(svg)?.[1] ?? '';
  const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    (text as string).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
  return { code: read(modules(path, /M(\d+) (\d+)h1v1h-1z/g)), texts };
}

export function readPdfLabel(pdf: Buffer): LabelContent {
  const file = pdf.toString('latin1');
  const head = /\/Length (\d+)[^>]*>>\s*stream\r?\n/.exec(file);
  if (!head) throw new Error('no stream of content in this PDF');
  const from = head.index + head[0].length;
  const stream = pdf.subarray(from, from + Number(head[1]));
  const content = inflateSync(stream).toString('latin1');
  const texts = [...content.matchAll(/\[(.*)\] TJ/g)].map(([, parts]) => {
    const hex = [...(parts as string).matchAll(/<([0-9a-f]*)>/g)].map(([, digits]) => digits);
    return Buffer.from(hex.join(''), 'hex').toString('latin1');
  });
  return { code: read(modules(content, /^(\d+) (\d+) m$/gm)), texts };
}

/** Places of the dark modules. */
function modules(path: string, form: RegExp): [number, number][] {
  return [...path.matchAll(form)].map(([, x, y]) => [Number(x), Number(y)]);
}

function read(dark: readonly [number, number][]): string {
  const size = Math.max(0, ...dark.flat()) + 1;
  const side = (size + 2 * QUIET) * SCALE;
  const data = new Uint8Array(side * side * 3).fill(255);
  for (const [x, y] of dark) {
    for (let row = 0; row < SCALE; row++) {
      const at = ((y + QUIET) * SCALE + row) * side + (x + QUIET) * SCALE;
      data.fill(0, at * 3, (at + SCALE) * 3);
    }
  }
  return decodeQR({ width: side, height: side, data });
}
