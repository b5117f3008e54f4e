/** The limits of the HTTP endpoint at limit − 1, limit and limit + 1. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_BODY_BYTES,
  MAX_ID_CHARS,
  MAX_REQUESTS_PER_MINUTE,
  MAX_TEXT_CHARS,
  MIN_TOKEN_CHARS,
} from '../../../host-sim/http/limits.js';
import { tokensFrom } from '../../../host-sim/http/roles.js';
import { call } from '../../../host-sim/http/schemas.js';
import { CALL, startEndpoint, TOKENS, type TestEndpoint } from './endpoint.js';

const test = suite<{ at: TestEndpoint }>('limits of the HTTP endpoint');

test.before.each(async (context) => {
  context.at = await startEndpoint();
});
test.after.each(({ at }) => at.close());

/** A call's JSON with blanks to a length. */
function bodyOf(bytes: number): RequestInit {
  const body = JSON.stringify(CALL).padEnd(bytes, ' ');
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

test('body', async ({ at }) => {
  for (const [bytes, status] of [
    [MAX_BODY_BYTES - 1, 201],
    [MAX_BODY_BYTES, 201],
    [MAX_BODY_BYTES + 1, 413],
  ] as const) {
    assert.is((await at.ask('ambulance', '/calls', bodyOf(bytes))).status, status, `${bytes}`);
  }
});

test('the longest call fits the body, also as escaped JSON', () => {
  const [id, text] = ['"'.repeat(MAX_ID_CHARS), '"'.repeat(MAX_TEXT_CHARS)];
  const longest = { ...CALL, callId: id, address: text, text };
  assert.ok(call.safeParse(longest).success);
  assert.ok(Buffer.byteLength(JSON.stringify(longest)) < MAX_BODY_BYTES / 2);
});

test('ids and texts', () => {
  for (const [field, most] of [
    ['callId', MAX_ID_CHARS],
    ['address', MAX_TEXT_CHARS],
    ['text', MAX_TEXT_CHARS],
    ['determinant', 16],
    ['ambulanceReference', 16],
  ] as const) {
    for (const [chars, isGood] of [
      [most - 1, true],
      [most, true],
      [most + 1, false],
    ] as const) {
      const given = { ...CALL, [field]: 'x'.repeat(chars) };
      assert.is(call.safeParse(given).success, isGood, `${field} ${chars}`);
    }
  }
});

test('requests of a minute', async ({ at }) => {
  const ask = async () => (await at.ask(null, '/health')).status;
  for (let count = 1; count < MAX_REQUESTS_PER_MINUTE; count++) {
    if (count % 100 === 0) assert.is(await ask(), 200);
    else void (await ask());
  }
  assert.is(await ask(), 200, 'the last that may be');
  const refused = await at.ask(null, '/health');
  assert.is(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  assert.match(((await refused.json()) as { detail: string }).detail, /at most 6000 a minute/);
});

test('tokens', () => {
  const environmentOf = (token: string) => ({
    CONTROL_TOKEN_AMBULANCE: TOKENS.ambulance,
    CONTROL_TOKEN_PARTNER: TOKENS.partner,
    CONTROL_TOKEN_VIEWER: token,
  });
  const short = 'x'.repeat(MIN_TOKEN_CHARS - 1);
  assert.throws(
    () => tokensFrom(environmentOf(short)),
    (error: Error) => /CONTROL_TOKEN_VIEWER/.test(error.message) && !error.message.includes(short),
  );
  for (const chars of [MIN_TOKEN_CHARS, MIN_TOKEN_CHARS + 1]) {
    const token = 'x'.repeat(chars);
    assert.is(tokensFrom(environmentOf(token)).viewer, token);
  }
  assert.throws(() => tokensFrom(environmentOf(TOKENS.partner)), /found one twice/);
  assert.throws(() => tokensFrom({}), /CONTROL_TOKEN_AMBULANCE: .* found nothing/);
});

test.run();
