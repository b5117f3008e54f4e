/** The settings, each field by the table in the specification. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeMessage } from '../../protocol/host/messages.js';
import { MAX_FIX_PERIOD_S } from '../../protocol/limits.js';
import { SETTINGS_RECORD, checkSettings } from '../../protocol/settings.js';
import { PLAIN_CHARS } from './arbitraries.js';
import { rowsOf, section } from './spec-text.js';

const rows = rowsOf(section("7 Records in the unit's flash"), 'Field');
const good: Readonly<Record<string, unknown>> = {
  unitId: 'ZD-41',
  callSign: 'ZD 41',
  kind: 1,
  host: '192.168.1.1',
  port: 1883,
  user: 'ZD-41',
  password: 'secret',
  ssid: 'vehicle',
  wifiPassword: 'secret too',
};

test('good settings are taken as they are, with whatever else there is (CR-065)', () => {
  assert.is(checkSettings(good), good);
  const more = { ...good, note: 'fitted in May' };
  assert.is(checkSettings(more), more);
  assert.is(SETTINGS_RECORD, 'unit');
});

test('the specification names the fields that there are (CR-065)', () => {
  assert.equal(
    rows.map(({ Field }) => Field),
    Object.keys(good),
  );
});

test('tls and tagReader may be left out, and are booleans (CR-065, CR-066)', () => {
  for (const name of ['tls', 'tagReader']) {
    for (const is of [true, false]) assert.type(checkSettings({ ...good, [name]: is }), 'object');
    for (const is of [null, 1, 'true', {}]) assert.is(checkSettings({ ...good, [name]: is }), name);
  }
});

test('fixPeriodS may be left out, and is 1 to 60 (CR-065, CR-066)', () => {
  for (const is of [1, 2, 59, MAX_FIX_PERIOD_S]) {
    assert.type(checkSettings({ ...good, fixPeriodS: is }), 'object');
  }
  for (const is of [0, -1, 1.5, MAX_FIX_PERIOD_S + 1, NaN, '20', null, true]) {
    assert.is(checkSettings({ ...good, fixPeriodS: is }), 'fixPeriodS', String(is));
  }
  assert.is(MAX_FIX_PERIOD_S, 60);
});

test('what is no object has no settings (CR-066)', () => {
  for (const value of [null, undefined, '', 'text', 0, 1, true]) {
    assert.is(checkSettings(value), 'settings');
  }
  assert.is(checkSettings([]), 'unitId');
  assert.is(checkSettings({}), 'unitId');
});

for (const { Field, Type, Least, Greatest } of rows as Record<string, string>[]) {
  const name = Field!;
  const withValue = (value: unknown): unknown => checkSettings({ ...good, [name]: value });

  test(`${name}: missing or of another type, it is named (CR-066)`, () => {
    const without: Record<string, unknown> = { ...good };
    delete without[name];
    assert.is(checkSettings(without), name);
    const others = [null, undefined, true, {}, [], Type === 'text' ? 1 : '1', NaN];
    for (const value of others) assert.is(withValue(value), name, String(value));
  });

  test(`${name}: its limits (CR-065, CR-066)`, () => {
    const at = (size: number): unknown => withValue(Type === 'text' ? 'x'.repeat(size) : size);
    const [least, greatest] = [Number(Least), Number(Greatest)];
    if (least > 0) assert.is(at(least - 1), name);
    assert.type(at(least), 'object');
    assert.type(at(greatest - 1), 'object');
    assert.type(at(greatest), 'object');
    assert.is(at(greatest + 1), name);
    if (Type === 'number') assert.is(at(least + 0.5), name);
  });
}

test('the first of several wrong fields is named (CR-066)', () => {
  assert.is(checkSettings({ ...good, host: '', port: 0 }), 'host');
});

test('a call sign that a birth could not carry is wrong (CR-015, CR-065)', () => {
  for (let code = 0; code < 0x100; code++) {
    const callSign = `a${String.fromCharCode(code)}`;
    const isPlain = PLAIN_CHARS.includes(callSign[1]!);
    const result = checkSettings({ ...good, callSign });
    assert.is(result === 'callSign', !isPlain, `0x${code.toString(16)}`);
    const words = { callSign, firmware: '', board: '' };
    const numbers = { birthCounter: 1, heardCounter: 0, configVersion: 0, unitKind: 1, clock: 0 };
    const birth = { ...numbers, at: null, ...words };
    if (isPlain) encodeMessage('birth', birth);
    else assert.throws(() => encodeMessage('birth', birth), /birth\.callSign/);
  }
});

test.run();
