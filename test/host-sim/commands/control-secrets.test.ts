/** Where a control room's secrets come from, and that no error tells one. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { controlSecrets } from '../../../host-sim/commands/control-secrets.js';
import { UserError } from '../../../host-sim/exit-codes.js';

const test = suite<{ folder: string; path: string }>("a control room's secrets");
const TOKENS = {
  CONTROL_TOKEN_AMBULANCE: 'a'.repeat(32),
  CONTROL_TOKEN_PARTNER: 'b'.repeat(32),
  CONTROL_TOKEN_VIEWER: 'c'.repeat(32),
};

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  context.path = join(context.folder, 'secrets.env');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

test('where there are none, a file of tokens is begun that only its owner may read', ({ path }) => {
  const begun = controlSecrets({}, path);
  assert.is(begun.isNew, true);
  assert.is(begun.isBenchSecret, true);
  assert.is(statSync(path).mode & 0o777, 0o600);
  const again = controlSecrets({}, path);
  assert.is(again.isNew, false);
  assert.equal(again.tokens, begun.tokens);
  assert.is(new Set(Object.values(begun.tokens)).size, 3);
});

test('the environment goes before the file, and no file is begun beside it', ({ path }) => {
  assert.is(controlSecrets(TOKENS, path).tokens.viewer, TOKENS.CONTROL_TOKEN_VIEWER);
  assert.throws(() => readFileSync(path), /ENOENT/);
  controlSecrets({}, path);
  const own = { CONTROL_TOKEN_VIEWER: 'd'.repeat(32) };
  assert.is(controlSecrets(own, path).tokens.viewer, own.CONTROL_TOKEN_VIEWER);
});

test("the fleet's secret is 32 bytes or more; a login at the broker is both of its parts", ({
  path,
}) => {
  const given = (more: object) => controlSecrets({ ...TOKENS, ...more }, path);
  const secret = (bytes: number) => given({ CONTROL_FLEET_SECRET: '5c'.repeat(bytes) });
  assert.is(secret(32).fleetSecret.length, 32);
  assert.is(secret(33).fleetSecret.length, 33);
  assert.is(secret(32).isBenchSecret, false);
  const login = { CONTROL_BROKER_USER: 'control', CONTROL_BROKER_PASSWORD: 'p' };
  assert.equal(given(login).login, { username: 'control', password: 'p' });
  assert.is(given({}).login, undefined);
  for (const wrong of [
    { CONTROL_FLEET_SECRET: '5c'.repeat(31) },
    { CONTROL_FLEET_SECRET: 'secret-of-mine'.repeat(9) },
    { CONTROL_BROKER_PASSWORD: 'secret-of-mine' },
    { CONTROL_TOKEN_VIEWER: 'secret-of-mine' },
  ]) {
    const name = Object.keys(wrong)[0] as string;
    const value = Object.values(wrong)[0] as string;
    assert.throws(
      () => given(wrong),
      (error: Error) =>
        error instanceof UserError &&
        error.message.includes(name) &&
        !error.message.includes(value),
    );
  }
});

test('what is wrong in the file is said without what stands in it', ({ path }) => {
  writeFileSync(path, `CONTROL_TOKEN_VIEWER=secret-of-mine\n`);
  assert.throws(
    () => controlSecrets({}, path),
    (error: Error) => /CONTROL_TOKEN_AMBULANCE: .* found nothing/.test(error.message),
  );
});

test.run();
