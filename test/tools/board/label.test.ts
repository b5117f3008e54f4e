/** Labels: call sign, unit id and service in both formats, and a code that says the first two. */
import { create } from 'qrcode';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeText, label } from '../../../tools/board/label.js';

const text = { callSign: 'B<1>&2', unitId: 'met-bx01', service: 'met' };

test('an SVG label has its texts, escaped, and a code with as many dark modules as it must have', async () => {
  const svg = (await label(text, 'svg')).toString();
  for (const line of ['B&lt;1&gt;&amp;2', 'met-bx01', 'met']) assert.match(svg, `>${line}</text>`);
  const { modules } = create(codeText(text), { errorCorrectionLevel: 'M' });
  const dark = modules.data.filter((module) => module !== 0).length;
  assert.is(svg.match(/h1v1h-1z/g)?.length, dark);
  assert.is(codeText(text), 'met-bx01 B<1>&2');
});

test('a PDF label is one page of 62 mm by 29 mm', async () => {
  const pdf = (await label(text, 'pdf')).toString('latin1');
  assert.match(pdf, /^%PDF-/);
  assert.match(pdf, /%%EOF\s*$/);
  const [, width, height] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
  assert.is(Math.round((Number(width) / 72) * 25.4), 62);
  assert.is(Math.round((Number(height) / 72) * 25.4), 29);
  assert.is(pdf.match(/\/Type \/Page\b/g)?.length, 1);
});

test.run();
