/** Topics, and the unit id that is a part of them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_UNIT_ID_CHARS } from '../../protocol/limits.js';
import { isUnitId } from '../../protocol/settings.js';
import {
  downTopic,
  everyUnitState,
  everyUnitUp,
  stateTopic,
  unitOfTopic,
  upTopic,
} from '../../protocol/topics.js';

const MADE = [downTopic, upTopic, stateTopic];

test('topics are those of the specification (CR-030)', () => {
  assert.is(downTopic('ZD-41'), 'cr/1/unit/ZD-41/down');
  assert.is(upTopic('ZD-41'), 'cr/1/unit/ZD-41/up');
  assert.is(stateTopic('ZD-41'), 'cr/1/unit/ZD-41/state');
  assert.is(everyUnitUp(), 'cr/1/unit/+/up');
  assert.is(everyUnitState(), 'cr/1/unit/+/state');
});

test('a topic is at most 8 levels deep, which every broker grants (CR-030)', () => {
  for (const make of MADE) assert.ok(make('U1').split('/').length <= 8);
});

test('the unit id is found again in every topic of a unit (CR-030)', () => {
  for (const id of ['A', 'ZD-41', 'unit', 'down', '_', '0'.repeat(MAX_UNIT_ID_CHARS)]) {
    for (const make of MADE) assert.is(unitOfTopic(make(id)), id);
  }
});

test('no unit id is found in any other topic (CR-030, CR-031)', () => {
  const others = [
    '',
    'cr',
    // Fell away: presence comes on each unit's own topic.
    'cr/1/control/state',
    'cr/1/unit/U1',
    'cr/1/unit/U1/up/',
    'cr/1/unit/U1/up/more',
    '/cr/1/unit/U1/up',
    'cr/1/unit/U1/other',
    'cr/2/unit/U1/up',
    'cr/1/units/U1/up',
    'cr/1/unit//up',
    'cr/1/unit/+/up',
    'cr/1/unit/#',
    'cr/1/unit/U 1/up',
    `cr/1/unit/${'U'.repeat(MAX_UNIT_ID_CHARS + 1)}/up`,
  ];
  for (const topic of others) assert.is(unitOfTopic(topic), '', topic);
});

test('a unit id has 1 to 16 characters (CR-031)', () => {
  assert.not.ok(isUnitId(''));
  assert.ok(isUnitId('a'));
  assert.ok(isUnitId('a'.repeat(MAX_UNIT_ID_CHARS - 1)));
  assert.ok(isUnitId('a'.repeat(MAX_UNIT_ID_CHARS)));
  assert.not.ok(isUnitId('a'.repeat(MAX_UNIT_ID_CHARS + 1)));
});

test('a unit id has only letters, digits, hyphen and underscore, in any place (CR-031)', () => {
  for (let code = 0; code < 0x180; code++) {
    const char = String.fromCharCode(code);
    const isGood = /^[A-Za-z0-9_-]$/.test(char);
    for (const id of [char, `${char}b`, `a${char}b`, `a${char}`]) {
      assert.is(isUnitId(id), isGood, `0x${code.toString(16)}`);
    }
  }
});

test.run();
