/** The HTTP endpoint: who may do what, what is refused and how, and that a call is one. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../../host-sim/http/schemas.js';
import { CALL, startEndpoint, TOKENS, type TestEndpoint } from './endpoint.js';
import { unit } from './fake-control.js';

const test = suite<{ at: TestEndpoint }>('the HTTP endpoint');

test.before.each(async (context) => {
  context.at = await startEndpoint();
});
test.after.each(({ at }) => at.close());

async function problemOf(response: Response, status: number): Promise<Problem> {
  assert.is(response.status, status);
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  const problem = (await response.json()) as Problem;
  assert.is(problem.status, status);
  return problem;
}

test('L7: a call is taken, kept as it was given, and its incident can be read', async ({ at }) => {
  const response = await at.post('ambulance', '/calls', CALL);
  assert.is(response.status, 201);
  assert.equal(await response.json(), { callId: CALL.callId, incident: 'i1' });
  const incident = await at.ask('viewer', response.headers.get('location') as string);
  assert.equal(((await incident.json()) as { call: unknown }).call, CALL);
  assert.is((await at.ask('viewer', '/incidents')).status, 200);
});

test('the same call twice is answered the same and written once', async ({ at }) => {
  const answers = [
    await at.post('ambulance', '/calls', CALL),
    await at.post('ambulance', '/calls', CALL),
  ];
  assert.equal(
    answers.map(({ status }) => status),
    [201, 201],
  );
  const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
  assert.equal(first, second);
  assert.is(at.control.ledger.length, 1);
});

test('a call that is given again before the first is safe is not answered before', async ({
  at,
}) => {
  let sayItIsSafe = () => {};
  const safe = new Promise<void>((resolve) => (sayItIsSafe = resolve));
  at.control.makeSafe = () => safe;
  let answered = 0;
  const both = [1, 2].map(async () => {
    const response = await at.post('ambulance', '/calls', CALL);
    answered++;
    return response.status;
  });
  while (at.control.taken.length < 2) await new Promise(setImmediate);
  assert.is(answered, 0);
  sayItIsSafe();
  assert.equal(await Promise.all(both), [201, 201]);
  assert.is(at.control.ledger.length, 1);
});

test('another call of the same id is refused', async ({ at }) => {
  await at.post('ambulance', '/calls', CALL);
  const other = await at.post('ambulance', '/calls', { ...CALL, address: 'Elsewhere' });
  assert.match((await problemOf(other, 409)).detail, /LAS-2017-07-10-000123 .* i1/);
  assert.is(at.control.taken.length, 1);
});

test('L8: a call without an ambulance reference is refused, and says where', async ({ at }) => {
  const { ambulanceReference, ...rest } = CALL;
  assert.ok(ambulanceReference);
  for (const [body, found] of [
    [rest, 'nothing'],
    [{ ...rest, ambulanceReference: '' }, '""'],
    [{ ...rest, ambulanceReference: ' ' }, '" "'],
  ] as const) {
    const problem = await problemOf(await at.post('ambulance', '/calls', body), 400);
    assert.is(problem.errors?.[0]?.where, '/ambulanceReference');
    assert.is(problem.errors?.[0]?.found, found);
  }
  assert.is(at.control.taken.length, 0);
});

test('what is wrong in depth, or unknown, is named', async ({ at }) => {
  const place = { latitude: 91, longitude: 0 };
  const bad = { ...CALL, place, patient: 'J. Doe' };
  const { errors } = await problemOf(await at.post('ambulance', '/calls', bad), 400);
  assert.equal(
    errors?.map(({ where }) => where),
    ['/place/latitude', ''],
  );
  assert.match(errors?.[0]?.expected ?? '', /90/);
  assert.is(errors?.[0]?.found, '91');
  assert.match(errors?.[1]?.expected ?? '', /patient/);
});

test('L9: only the partner opens and closes its gate', async ({ at }) => {
  const gate = { area: 'bexley', open: false, reason: 'New Year', by: 'inspector 12' };
  for (const role of ['ambulance', 'viewer'] as const) {
    await problemOf(await at.post(role, '/capacity', gate), 403);
  }
  assert.is(at.control.taken.length, 0);
  const response = await at.post('partner', '/capacity', gate);
  assert.equal(await response.json(), { area: 'bexley', open: false, line: 1 });
  assert.equal(at.control.taken, [{ do: 'capacity', partner: 'mps', role: 'partner', ...gate }]);
  await problemOf(await at.post('partner', '/capacity', { ...gate, reason: '' }), 400);
  await problemOf(await at.post('partner', '/capacity', { ...gate, area: 'nowhere' }), 404);
});

test('an ambulance that is known is on scene, one that is not is refused', async ({ at }) => {
  await at.post('ambulance', '/calls', CALL);
  const onScene = await at.post('ambulance', '/ambulances/LAS-4711', { what: 'onScene' });
  assert.equal(await onScene.json(), { line: 2 });
  await problemOf(await at.post('ambulance', '/ambulances/LAS-1', { what: 'onScene' }), 404);
  await problemOf(await at.post('ambulance', '/ambulances/LAS-4711', { what: 'lost' }), 400);
  await problemOf(await at.post('partner', '/ambulances/LAS-4711', { what: 'clear' }), 403);
});

test('Y3: an outcome closes an incident, once', async ({ at }) => {
  await at.post('ambulance', '/calls', CALL);
  const saved = { patients: 1, resuscitatedAndTransported: 1 };
  const close = (id: string, outcome: object) =>
    at.post('ambulance', `/incidents/${id}/outcome`, outcome);
  assert.is((await close('i1', saved)).status, 200);
  assert.is((await close('i1', saved)).status, 200, 'said again');
  await problemOf(await close('i1', { ...saved, resuscitatedAndTransported: 0 }), 409);
  await problemOf(await close('i2', saved), 404);
  const { errors } = await problemOf(await close('i1', { ...saved, patients: 0 }), 400);
  assert.is(errors?.[0]?.where, '/resuscitatedAndTransported');
  await problemOf(await at.post('viewer', '/incidents/i1/outcome', saved), 403);
});

test('only the ambulance service gives calls', async ({ at }) => {
  for (const role of ['partner', 'viewer'] as const) {
    await problemOf(await at.post(role, '/calls', CALL), 403);
  }
  assert.is(at.control.taken.length, 0);
});

test('who has no token, or another, reads nothing and learns no token', async ({ at }) => {
  for (const path of ['/units', '/units/met-bx01', '/incidents', '/incidents/i1', '/events']) {
    const nothing = await problemOf(await at.ask(null, path), 401);
    const headers = { authorization: `Bearer ${TOKENS.viewer}x` };
    const wrong = await at.ask(null, path, { headers });
    assert.is(wrong.headers.get('www-authenticate'), 'Bearer');
    const said = JSON.stringify([nothing, await problemOf(wrong, 401)]);
    for (const token of Object.values(TOKENS)) assert.not.ok(said.includes(token));
  }
  await problemOf(await at.post(null, '/calls', CALL), 401);
  assert.is((await at.ask(null, '/health')).status, 200);
});

test('units are read, one and all', async ({ at }) => {
  assert.equal(await (await at.ask('partner', '/units')).json(), [unit]);
  assert.equal(await (await at.ask('viewer', '/units/met-bx01')).json(), unit);
  await problemOf(await at.ask('viewer', '/units/met-bx02'), 404);
  await problemOf(await at.ask('viewer', '/incidents/i9'), 404);
  await problemOf(await at.ask('viewer', '/nothing'), 404);
});

test('what is no JSON, or of another type, is refused', async ({ at }) => {
  const send = (type: string, body: string) =>
    at.ask('ambulance', '/calls', { method: 'POST', headers: { 'content-type': type }, body });
  assert.match((await problemOf(await send('application/json', '{'), 400)).detail, /JSON/);
  assert.match((await problemOf(await send('text/plain', 'x'), 415)).detail, /application\/json/);
});

test('a fault of its own is told to whoever runs it, not to who asks', async ({ at }) => {
  at.control.makeSafe = () => Promise.reject(new Error('the disk is full'));
  const problem = await problemOf(await at.post('ambulance', '/calls', CALL), 500);
  assert.not.match(problem.detail, /disk/);
  assert.equal(
    at.faults.map(({ message }) => message),
    ['the disk is full'],
  );
});

test.run();
