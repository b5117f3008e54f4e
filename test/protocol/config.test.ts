/** The settings: each with a range and a default in its table, and taken as a whole or not at all. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Refusal } from '../../protocol/codes.js';
import { CONFIG_TYPE, defaultConfig } from '../../protocol/generated/config.js';
import { decodeMessage, encodeMessage, type Fields } from '../../protocol/host/messages.js';
import { MIN_VOLUME_PERCENT } from '../../protocol/limits.js';
import { config } from '../../protocol/messages/config.js';
import { greatestOf, isString, leastOf } from '../../protocol/table.js';
import { rawMessage } from './tables.js';

const settings = config.fields.filter(({ name }) => name !== 'version' && name !== 'issuedAt');
const defaults: Fields = { ...defaultConfig() };

test('every setting has a default within its range, and a unit begins with it (CR-150)', () => {
  for (const field of settings) {
    const value = field.default;
    assert.is.not(value, undefined, field.name);
    assert.is(defaults[field.name], value, field.name);
    if (value === null) assert.ok(field.nullable, field.name);
    else {
      const size = isString(field) ? String(value).length : Number(value);
      assert.ok(size >= leastOf(field) && size <= greatestOf(field), field.name);
    }
  }
  assert.equal(
    Object.keys(defaults),
    config.fields.map(({ name }) => name),
  );
});

test('the version of the defaults is one that no config has (CR-150)', () => {
  assert.equal([defaults['version'], defaults['issuedAt']], [0, 0]);
  assert.throws(() => encodeMessage('config', defaults), /config\.version: expected 1 to/);
  const sent = encodeMessage('config', { ...defaults, version: 1 });
  assert.equal(decodeMessage(sent), { name: 'config', message: { ...defaults, version: 1 } });
  assert.is(sent.charCodeAt(3), CONFIG_TYPE);
});

test('one setting out of its range, and the whole is refused (CR-151)', () => {
  for (const field of settings) {
    const beyond = isString(field) ? 'x'.repeat(greatestOf(field) + 1) : greatestOf(field) + 1;
    const sent = { ...defaults, version: 1, [field.name]: beyond };
    assert.is(decodeMessage(rawMessage(config, sent)), Refusal.badField, field.name);
    assert.throws(() => encodeMessage('config', sent), new RegExp(`config\\.${field.name}`));
  }
});

test('the alarm cannot be set softer than the floor (CR-154)', () => {
  const at = (volumePercent: number) =>
    decodeMessage(rawMessage(config, { ...defaults, version: 1, volumePercent }));
  for (const volume of [0, 1, MIN_VOLUME_PERCENT - 1]) assert.is(at(volume), Refusal.badField);
  assert.type(at(MIN_VOLUME_PERCENT), 'object');
});

test.run();
