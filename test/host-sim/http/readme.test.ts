/** The README of the HTTP endpoint: its commands run as they stand, and its limits are the code's. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as limits from '../../../host-sim/http/limits.js';
import { finished, PLAIN_ENV, ROOT } from '../../support/cli.js';
import { startEndpoint } from './endpoint.js';

const test = suite("the HTTP endpoint's README");
const text = readFileSync(join(ROOT, 'host-sim/http/README.md'), 'utf8');

test('its commands, one after the other, show a call answered', async () => {
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1]);
  assert.is(blocks.length, 5);
  const script = blocks.join("\necho '=== next'\n");
  const shell = spawn('bash', ['-euc', script], { cwd: ROOT, env: PLAIN_ENV });
  const { code, stdout, stderr } = await finished(shell);
  const said = stdout.split('=== next').map((part) => part.trim());
  assert.is(code, 0, `${stdout}\n${stderr}`);
  assert.match(said[0] as string, /"status":"ok"/);
  assert.match(said[1] as string, /"id":"BRD-V001".*"alive":true/);
  assert.is(said[2], '{"callId":"2016-000123","incident":"2016-000123"}');
  assert.match(said[3] as string, /"accepted":\d+/);
  assert.match(said[3] as string, /^data: .*"what":"alert","incident":"2016-000123"/m);
  assert.match(
    said[4] as string,
    /^\{"line":\d+\}\{"line":\d+\}\{"area":"\*","open":false,"line":\d+\}$/,
  );
});

test('each limit that it names is that of the code', () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\d+)/gm)];
  assert.is(rows.length, 5);
  for (const [, name, value] of rows) {
    assert.is(Number(value), (limits as Record<string, number>)[name as string], name);
  }
});

test('each request that it names is in the OpenAPI document, and none is left out', async () => {
  const at = await startEndpoint();
  try {
    const document = (await (await at.ask(null, '/openapi.json')).json()) as {
      paths: Record<string, object>;
    };
    const there = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const named = [...text.matchAll(/`((?:GET|POST) \/[\w/{}.]+)`/g)].map((match) => match[1]);
    assert.equal([...new Set(named)].sort(), [...there, 'GET /openapi.json'].sort());
  } finally {
    await at.close();
  }
});

test.run();
