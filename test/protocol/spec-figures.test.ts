/** Figures that stand in the sentences of SPEC.md, and the links of both texts. */
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CONTROL_PATIENCE_MS } from '../../firmware/link/control.js';
import { COUNTER_RECORD, RESERVED_COUNTERS } from '../../firmware/seal/counter.js';
import { MIN_SECRET_BYTES } from '../../protocol/host/keys.js';
import {
  MAX_ENVELOPE_BYTES,
  MAX_GENERATION,
  MAX_MESSAGE_BYTES,
  TAG_BYTES,
  WINDOW,
} from '../../protocol/limits.js';
import { DIRECTION_BYTES, GENERATION_BYTES, KEYS_RECORD } from '../../protocol/seal/keys.js';
import { clause } from './spec-text.js';
import { path } from './tables.js';

function says(id: string, ...words: readonly string[]): void {
  for (const word of words) assert.ok(clause(id).includes(word), `${id} does not say: ${word}`);
}

test('the sentences have the limits that there are (CR-025, CR-055, CR-112, CR-123)', () => {
  says('CR-025', `more than ${MAX_ENVELOPE_BYTES} bytes`, `more than ${MAX_MESSAGE_BYTES} bytes`);
  says('CR-100', `the first ${TAG_BYTES} bytes of HMAC`);
  says('CR-112', `the ${WINDOW - 1} below`, `${WINDOW} or more below`);
  says('CR-120', `at least ${MIN_SECRET_BYTES} bytes`, `${GENERATION_BYTES} bytes`);
  says('CR-123', `from 1 to ${MAX_GENERATION}`);
  says('CR-128', `generation ${MAX_GENERATION}`);
});

test("the unit's own figures are those of its code (CR-068, CR-074, CR-122)", () => {
  says('CR-068', `\`${COUNTER_RECORD}\``, `a number ${RESERVED_COUNTERS} greater`);
  says('CR-074', `for ${CONTROL_PATIENCE_MS / 1000} s`);
  const [one, two] = [1 + GENERATION_BYTES, 2 + GENERATION_BYTES + DIRECTION_BYTES];
  says('CR-122', `\`${KEYS_RECORD}\``, `${one} or ${two} bytes`, `first ${DIRECTION_BYTES} of`);
});

test('the wear of the flash is what follows from the messages (CR-068, CR-069)', () => {
  const yearS = 365 * 86400;
  const messages = yearS / 5;
  const counterWrites = Math.ceil(messages / RESERVED_COUNTERS);
  const deskWrites = 365 * 24 * 3;
  const bytes = counterWrites * 60 + deskWrites * 360;
  const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
  says('CR-122', `${number(messages)} a year`, `${number(counterWrites)} writes`);
  says('CR-122', `${number(deskWrites)} more`, `${(bytes / 1e6).toFixed(1)} MB a year`);
  assert.is(Math.round(bytes / (896 * 1024)), 11);
  says('CR-122', 'eleven times a year');
});

for (const file of ['protocol/SPEC.md', 'protocol/THREATS.md']) {
  test(`${file}: what it links to is there`, () => {
    const links = [...readFileSync(path(file), 'utf8').matchAll(/\]\(([^)#]+)\)/g)];
    assert.ok(links.length > 0);
    for (const [, link] of links) assert.ok(existsSync(path(`protocol/${link}`)), link);
  });
}

test.run();
