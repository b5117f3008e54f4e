/** Labels: call sign, unit id and service in both formats, and a code that says the first two. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_CALL_SIGN_CHARS } from '../../../protocol/limits.js';
import { label } from '../../../tools/board/label.js';
import { readPdfLabel, readSvgLabel } from '../../support/label-content.js';

const seed = 7;
/** Plain text as a call sign may have it (CR-015). */
const plain = (maxLength: number) =>
  fc
    .string({
      unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength,
    })
    .filter((text) => !/["\\]/.test(text));
const labelText = fc.record({
  callSign: plain(MAX_CALL_SIGN_CHARS),
  unitId: fc.stringMatching(/^[A-Za-z0-9_-]{1,16}$/),
  service: plain(64),
});

test('both formats say call sign, unit id and service, and the code the first two', async () => {
  await fc.assert(
    fc.asyncProperty(labelText, async (text) => {
      const { callSign, unitId, service } = text;
      const expected = { code: `${unitId} ${callSign}`, texts: [callSign, unitId, service] };
      assert.equal(readSvgLabel((await label(text, 'svg')).toString()), expected);
      assert.equal(readPdfLabel(await label(text, 'pdf')), expected);
    }),
    { seed, numRuns: 50 },
  );
});

test('the widest call sign fits on the label', async () => {
  const text = { callSign: 'W'.repeat(MAX_CALL_SIGN_CHARS), unitId: 'met-bx01', service: 'met' };
  const svg = (await label(text, 'svg')).toString();
  const pdf = await label(text, 'pdf');
  const [, left, size] = /<text x="([\d.]+)" y="[\d.]+" font-size="([\d.]+)">W/.exec(svg)!;
  // Helvetica's W is 0.944 of its size wide (Adobe's font metrics).
  const right = Number(left) + MAX_CALL_SIGN_CHARS * 0.944 * Number(size);
  assert.ok(right <= 62, `it ends ${right} mm from the left edge of 62 mm`);
  assert.ok(right > 55, `it ends ${right} mm from the left edge: smaller than it may be`);
  assert.is(readPdfLabel(pdf).texts[0], text.callSign);
});

test('a PDF label is one page of 62 mm by 29 mm', async () => {
  const text = { callSign: 'BX01', unitId: 'met-bx01', service: 'met' };
  const pdf = (await label(text, 'pdf')).toString('latin1');
  assert.match(pdf, /^%PDF-/);
  assert.match(pdf, /%%EOF\s*$/);
  const [, width, height] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
  assert.is(Math.round((Number(width) / 72) * 25.4), 62);
  assert.is(Math.round((Number(height) / 72) * 25.4), 29);
  assert.is(pdf.match(/\/Type \/Page\b/g)?.length, 1);
});

test.run();
