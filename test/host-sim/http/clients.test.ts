/**
 * The endpoint by clients that others publish: a validator of OpenAPI documents, and a client that
 * makes its calls of the document alone.
 */
import { Validator } from '@seriousme/openapi-schema-validator';
import { OpenAPIClientAxios } from 'openapi-client-axios';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CALL, startEndpoint, TOKENS, type TestEndpoint } from './endpoint.js';

const test = suite<{ at: TestEndpoint }>('published clients');

test.before.each(async (context) => {
  context.at = await startEndpoint();
});
test.after.each(({ at }) => at.close());

test('the document is OpenAPI 3.1, and has every path', async ({ at }) => {
  const document = (await (await at.ask(null, '/openapi.json')).json()) as never;
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  assert.ok(valid, JSON.stringify(errors));
  assert.is(validator.version, '3.1');
  const operations = Object.entries((document as { paths: Record<string, object> }).paths);
  assert.equal(operations.map(([path, methods]) => `${Object.keys(methods)} ${path}`).sort(), [
    'get /events',
    'get /health',
    'get /incidents',
    'get /incidents/{id}',
    'get /units',
    'get /units/{id}',
    'post /ambulances/{reference}',
    'post /calls',
    'post /capacity',
    'post /incidents/{id}/outcome',
  ]);
});

test('a client made of the document alone gives a call and reads what became of it', async ({
  at,
}) => {
  const client = async (role: keyof typeof TOKENS) => {
    const api = new OpenAPIClientAxios({
      definition: `${at.url}/openapi.json`,
      axiosConfigDefaults: {
        baseURL: at.url,
        headers: { authorization: `Bearer ${TOKENS[role]}` },
        validateStatus: () => true,
      },
    });
    return api.init();
  };
  const ambulance = await client('ambulance');
  const given = await ambulance['giveCall']?.(undefined, CALL);
  assert.is(given?.status, 201);
  const viewer = await client('viewer');
  const incident = await viewer['getIncident']?.({ id: given?.data.incident });
  assert.equal(incident?.data.call, CALL);
  assert.is((await viewer['listUnits']?.())?.data.length, 1);
  assert.is((await viewer['giveCall']?.(undefined, CALL))?.status, 403);
  const partner = await client('partner');
  const gate = { area: '*', open: true, reason: 'start of shift', by: 'inspector 12' };
  assert.is((await partner['sayCapacity']?.(undefined, gate))?.data.open, true);
});

test('every schema that a request or an answer names is in the document', async ({ at }) => {
  const text = await (await at.ask(null, '/openapi.json')).text();
  const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } };
  const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]);
  assert.ok(named.length > 10);
  for (const name of named) assert.ok(components.schemas[name as string], name);
});

test.run();
