/** Settings on the whole unit: in force, on trial, kept or given up, and what is told of it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_TRIAL_BOOTS } from '../../../firmware/config/config.js';
import { LOOK_PERIOD_MS } from '../../../firmware/fitting/health.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { Presence, Refusal } from '../../../protocol/codes.js';
import { CONFIG_TRIAL_MS, MIN_VOLUME_PERCENT } from '../../../protocol/limits.js';
import { defaultConfig, type Config } from '../../../protocol/generated/config.js';
import { encodeMessage } from '../../../protocol/host/index.js';
import { Bench, SETTINGS, UTC, everythingSent } from '../../support/sealed.js';

const PROVISIONED = `call ${SETTINGS.host}:${SETTINGS.port}`;
const ELSEWHERE = { brokers: '10.0.0.2:1884 10.0.0.3:1885' };

/** A unit that knows the control room. */
function ready(): Bench {
  const bench = new Bench().opened();
  bench.hello();
  bench.ports.clock.advance(1000);
  bench.sent();
  bench.ports.trace.length = 0;
  return bench;
}

/** The version that the next birth tells. */
function versionOf(bench: Bench): unknown {
  bench.sent();
  bench.ports.net.far.drop();
  bench.ports.clock.advance(3000);
  return bench.newest('birth')['configVersion'];
}

/** The body of a config, valid or not. */
function configBody(change: Partial<Config>): string {
  return encodeMessage('config', { ...defaultConfig(), version: 1, issuedAt: UTC, ...change });
}

/** Whom the unit called since the last call. */
function called(bench: Bench): string[] {
  return bench.ports.trace.splice(0).filter((what) => what.startsWith('call'));
}

test('CR-150, CR-153: in force at once, kept and answered when the control room is heard', () => {
  const bench = ready();
  assert.is(versionOf(bench), 0);
  const counter = bench.configure({ version: 3, volumePercent: 40, louderAfterS: 5 });
  bench.ports.clock.advance(1000);
  assert.equal(bench.outcomes(), [], 'on trial');
  bench.dispatch();
  assert.is(bench.ports.outputs.volumePercent, 40);
  bench.ports.clock.advance(6000);
  assert.is(bench.ports.outputs.volumePercent, 100, 'louder after 5 s');
  bench.sent();
  bench.hello();
  bench.ports.clock.advance(1000);
  assert.equal(bench.outcomes(), [`none ${counter}`]);
  bench.hello();
  bench.ports.clock.advance(CONFIG_TRIAL_MS + LOOK_PERIOD_MS);
  assert.equal(bench.outcomes(), [], 'once');
  assert.is(versionOf(bench), 3);
  const after = bench.restarted();
  after.ports.clock.advance(3000);
  assert.is(after.newest('birth')['configVersion'], 3, 'from flash');
  assert.is(after.unit.keeper.trialCounter, 0);
});

test('CR-150: rates, lock and mount are in force at once too', () => {
  const bench = ready();
  bench.configure({ parkedPeriodS: 10, lockSpeedKmH: 20, aedMount: 1 });
  assert.is(bench.unit.crew.lockSpeedKmH, 20);
  bench.ports.clock.advance(31000);
  const sent = bench.sent();
  assert.is(sent.filter((each) => each.name === 'position').length, 3, 'not after the old minute');
  const aed = sent.findLast((each) => each.name === 'aed');
  assert.is(aed?.message['presence'], Presence.unknown, 'of a kit a person says so');
});

test('CR-153: written before it is acknowledged, and flash without room: not acknowledged', () => {
  const bench = ready();
  bench.ports.store.isFull = true;
  bench.configure({ version: 1 });
  assert.equal(bench.traced(), []);
  assert.is(bench.unit.keeper.config.version, 0);
  bench.ports.store.isFull = false;
  bench.configure({ version: 1 });
  assert.equal(bench.traced(), ['write trial.0', 'write desk.0', 'puback']);
});

test('CR-153: not heard for CONFIG_TRIAL_MS, it goes back to what was good, and says so', () => {
  const bench = ready();
  bench.configure({ version: 1, volumePercent: 50 });
  bench.hello();
  bench.ports.clock.advance(1000);
  bench.outcomes();
  const counter = bench.configure({ version: 2, volumePercent: 60 });
  // (The unit looks every LOOK_PERIOD_MS.)
  bench.ports.clock.advance(CONFIG_TRIAL_MS - LOOK_PERIOD_MS - 1);
  assert.is(bench.unit.keeper.config.version, 2);
  assert.equal(bench.outcomes(), []);
  bench.ports.clock.advance(2 * LOOK_PERIOD_MS + 1);
  assert.equal(bench.outcomes(), [`rolledBack ${counter}`]);
  assert.is(bench.unit.keeper.config.version, 1);
  bench.dispatch(7, 100, UTC + 3600000);
  assert.is(bench.ports.outputs.volumePercent, 50);
  assert.is(versionOf(bench), 1);
});

test('CR-153: newer settings take the place of those on trial, and both are answered', () => {
  const bench = ready();
  const first = bench.configure({ version: 1, volumePercent: 50 });
  const second = bench.configure({ version: 2, volumePercent: 60 }, 63);
  bench.ports.clock.advance(1000);
  assert.equal(bench.outcomes(), [`rolledBack ${first}`]);
  bench.hello();
  bench.ports.clock.advance(1000);
  assert.equal(bench.outcomes(), [`none ${second}`]);
  assert.is(bench.unit.keeper.config.version, 2);
});

test('CR-151: refused as a whole, answered once, and nothing changes', () => {
  const good = configBody({ volumePercent: 77, brokers: '10.0.0.2:1884' });
  const softer = good.replace('\x18\x4d', '\x18' + String.fromCharCode(MIN_VOLUME_PERCENT - 1));
  assert.is.not(softer, good);
  const bad = [
    softer,
    good.substring(0, good.length - 1),
    good.replace('10.0.0.2:1884', '10.0.0.2:99999'),
    good.replace('10.0.0.2:1884', '10.0.0.2_1884'),
  ];
  for (const [i, body] of bad.entries()) {
    const bench = ready();
    const before = JSON.stringify(bench.unit.keeper.config);
    const [payload, counter] = bench.sayBody(body);
    bench.ports.clock.advance(1000);
    assert.equal(bench.outcomes(), [`badSetting ${counter}`], `${i}`);
    assert.is(JSON.stringify(bench.unit.keeper.config), before);
    bench.deliver(payload);
    bench.hello();
    bench.ports.clock.advance(CONFIG_TRIAL_MS + LOOK_PERIOD_MS);
    assert.equal(bench.outcomes(), []);
    assert.not.ok([...bench.ports.store.files.keys()].some((name) => /^(trial|config)/.test(name)));
    assert.is(bench.ports.net.ends.length, 1);
  }
});

test('CR-152: one that is not newer is told again, and changes nothing', () => {
  const bench = ready();
  bench.configure({ version: 5, volumePercent: 50 });
  bench.hello();
  bench.ports.clock.advance(1000);
  bench.outcomes();
  for (const version of [5, 4]) {
    const counter = bench.configure({ version, volumePercent: 90, ...ELSEWHERE });
    bench.ports.clock.advance(1000);
    assert.equal(bench.outcomes(), [`none ${counter}`]);
    const { config, trialCounter } = bench.unit.keeper;
    assert.equal([config.version, config.volumePercent, trialCounter], [5, 50, 0]);
  }
  assert.is(bench.ports.net.ends.length, 1);
});

test('CR-153, CR-155: other brokers: acknowledged, then called in their order', () => {
  const bench = ready();
  bench.ports.trace.length = 0;
  const counter = bench.configure(ELSEWHERE);
  assert.equal(bench.traced(), ['write trial.0', 'write desk.0', 'puback']);
  assert.ok(bench.ports.net.far.isClosed);
  const early = bench.peer.seal('hello', {
    birthCounter: bench.unit.birthCounter,
    heardCounter: 0,
    issuedAt: UTC,
    state: 1,
  });
  bench.ports.clock.advance(2000);
  assert.equal(called(bench), ['call 10.0.0.2:1884']);
  bench.deliver(early.payload.toString('latin1'), 0);
  bench.ports.clock.advance(1000);
  assert.equal(bench.outcomes(), [], 'a hello to the connection before says nothing');
  bench.hello();
  bench.ports.clock.advance(1000);
  assert.equal(bench.outcomes(), [`none ${counter}`]);
  const after = bench.restarted();
  after.ports.clock.advance(1000);
  assert.equal(called(after), ['call 10.0.0.2:1884']);
});

test('CR-153: brokers that lead nowhere: after the trial it is back at those before', () => {
  const bench = ready();
  bench.ports.net.manner = 'refuses';
  const counter = bench.configure(ELSEWHERE);
  bench.ports.clock.advance(CONFIG_TRIAL_MS - 1000);
  assert.not.ok(called(bench).includes(PROVISIONED));
  bench.ports.net.manner = 'opens';
  // They answer now, but no control room is there.
  bench.ports.clock.advance(LOOK_PERIOD_MS + 1000);
  bench.ports.clock.advance(40000);
  assert.is(called(bench).at(-1), PROVISIONED);
  assert.equal(bench.outcomes(), [`rolledBack ${counter}`]);
});

test('CR-156: what became of a trial is told, also if the power fails before it could be', () => {
  const bench = ready();
  bench.ports.net.manner = 'refuses';
  const counter = bench.configure(ELSEWHERE);
  bench.ports.clock.advance(CONFIG_TRIAL_MS + LOOK_PERIOD_MS + 2000);
  const after = bench.restarted().opened();
  assert.equal(
    everythingSent(after.ports)
      .filter((each) => each.name === 'outcome')
      .map(({ message }) => [message['refusal'], message['counter']]),
    [[Refusal.rolledBack, counter]],
  );
});

test('CR-157: other brokers are refused while a dispatch is open; other settings are not', () => {
  for (const isAnswered of [false, true]) {
    const bench = ready();
    bench.dispatch();
    if (isAnswered) bench.ports.inputs.hold(Input.accept);
    bench.ports.clock.advance(1000);
    bench.sent();
    const elsewhere = bench.configure({ version: 1, ...ELSEWHERE });
    const here = bench.configure({ version: 1, volumePercent: 50 });
    bench.ports.clock.advance(1000);
    assert.equal(bench.outcomes(), [`jobOpen ${elsewhere}`]);
    bench.hello();
    bench.ports.clock.advance(1000);
    assert.equal(bench.outcomes(), [`none ${here}`]);
    assert.is(bench.ports.net.ends.length, 1);
    assert.is(bench.unit.alarm.on, !isAnswered);
  }
});

test('CR-153: a trial outlives power cuts, and after MAX_TRIAL_BOOTS it is given up', () => {
  let bench = ready();
  const counter = bench.configure({ version: 2, ...ELSEWHERE });
  for (let boots = 0; boots < MAX_TRIAL_BOOTS; boots++) {
    bench = bench.restarted();
    bench.ports.clock.advance(10000);
    assert.is(called(bench)[0], 'call 10.0.0.2:1884', `boot ${boots}`);
    assert.equal(bench.outcomes(), []);
  }
  bench = bench.restarted();
  bench.ports.clock.advance(10000);
  assert.equal(called(bench), [PROVISIONED]);
  assert.equal(bench.outcomes(), [`rolledBack ${counter}`]);
  bench = bench.restarted();
  bench.ports.clock.advance(10000);
  assert.equal(bench.outcomes(), [], 'told once');
});

test('CR-153: a trial that a power cut interrupts is kept by the hello after it', () => {
  const bench = ready();
  const counter = bench.configure({ version: 2 });
  const after = bench.restarted().opened();
  after.hello();
  after.ports.clock.advance(6000);
  assert.equal(after.outcomes(), [`none ${counter}`]);
  assert.equal([after.unit.keeper.config.version, after.unit.keeper.trialCounter], [2, 0]);
});

test('CR-154: a flash that says softer does not make a dispatch softer', () => {
  const bench = ready();
  bench.configure({ version: 1, volumePercent: MIN_VOLUME_PERCENT });
  bench.hello();
  bench.ports.clock.advance(1000);
  const { files } = bench.ports.store;
  const softer = (files.get('config.0') as string).substring(8).replace('\x18\x1e', '\x18\x01');
  const crc = bench.ports.system.crc32(softer).toString(16).padStart(8, '0');
  assert.is.not(files.get('config.0'), crc + softer);
  files.set('config.0', crc + softer);
  const after = bench.restarted().opened();
  after.dispatch();
  assert.ok(after.ports.outputs.volumePercent >= MIN_VOLUME_PERCENT);
});

test.run();
