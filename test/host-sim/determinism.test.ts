/** A whole small world, twice: the same seed must give the same log, to the last byte. */
import { MqttClient } from 'mqtt';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedBroker } from '../../host-sim/broker/embedded.js';
import { compileBundle } from '../../host-sim/espruino/bundle.js';
import { createUnitHost } from '../../host-sim/espruino/unit-host.js';
import { SimulatedClock } from '../../host-sim/world/clock.js';
import { createTrackReceiver } from '../../host-sim/world/gps-receiver.js';
import { createRadioLink } from '../../host-sim/world/link.js';
import { Random } from '../../host-sim/world/random.js';
import { createTrack } from '../../host-sim/world/track.js';

const START_MS = Date.UTC(2026, 2, 2, 10);
const UNITS = 5;

/** Speaks just enough MQTT: connects with a will, subscribes, reports, answers. */
const PROGRAM = `var unit = (function () {
  var name = require('Storage').read('name'), socket = null, bytes = 0;
  function field(text) { return String.fromCharCode(0, text.length) + text; }
  function packet(type, body) { return String.fromCharCode(type, body.length) + body; }
  function send(topic, text) { if (socket) socket.write(packet(0x30, field(topic) + text)); }
  function dial() {
    var s = require('net').connect({ host: '10.0.0.1', port: 1883 }, function () {
      s.write(packet(0x10, field('MQTT') + '\\x04\\x26\\x00\\x0a' + field(name) + field('up/' + name) + field('gone')));
      s.write(packet(0x82, '\\x00\\x01' + field('down/' + name) + '\\x00'));
      socket = s;
    });
    s.on('data', function (d) { if (d.charCodeAt(0) >> 4 === 3) send('up/' + name, 'heard'); });
    s.on('close', function () { socket = null; setTimeout(dial, 1000); });
  }
  function report() { setTimeout(report, 5000); send('up/' + name, 'alive ' + bytes); }
  Serial2.setup(9600, {});
  Serial2.on('data', function (d) { bytes += d.length; });
  require('Wifi').connect('vehicle', {}, dial);
  report();
})();`;

async function runWorld(seed: number): Promise<string[]> {
  const clock = new SimulatedClock(START_MS);
  const random = new Random(seed);
  const log: string[] = [];
  const note = (what: string) => log.push(`${clock.nowMs() - START_MS} ${what}`);
  const broker = await createEmbeddedBroker(clock);
  broker.onPublishSent(({ clientId, topic, payload }) => note(`${clientId} < ${topic} ${payload}`));
  const control = new MqttClient(() => broker.dialDuplex(5), {
    clientId: 'control',
    keepalive: 0,
    reconnectPeriod: 0,
  });
  control.on('connect', () => control.subscribe('up/#', { qos: 1 }, () => note('subscribed')));
  control.on('message', (topic, payload) => note(`control < ${topic} ${payload}`));
  const bundle = compileBundle(PROGRAM);
  for (let i = 0; i < UNITS; i++) {
    const own = random.fork(`unit-${i}`);
    const link = createRadioLink(clock, own.fork('link'), { broker, latencyMs: [30, 120] });
    const host = createUnitHost({ clock, random: own, bundle, dial: link.dial });
    host.flash.write('name', `unit-${i}`);
    host.onEvent(({ kind, detail }) => note(`unit-${i} ${kind} ${detail}`));
    const track = createTrack({ latitude: 51.5, longitude: 0, pattern: 'patrol' }, own);
    const line = (bytes: string) => host.feedSerial(bytes);
    createTrackReceiver(clock, track, own.fork('gps'), line, { baud: 9600 }).start();
    host.powerOn();
    clock.after(7000 + i, () => void control.publish(`down/unit-${i}`, 'dispatch', { qos: 1 }));
    if (i === 1) clock.after(20_000, () => host.cutPower());
    if (i === 2) clock.after(22_000, () => link.drop());
    if (i === 3) {
      clock.after(10_000, () => host.setWifi(false));
      clock.after(30_000, () => host.setWifi(true));
    }
  }
  await clock.runUntil(START_MS + 60_000);
  const closed = broker.close();
  await clock.runUntil(START_MS + 61_000);
  await closed;
  return log;
}

test('two runs of one seed are identical, another seed differs', async () => {
  const [first, second, other] = [await runWorld(1), await runWorld(1), await runWorld(2)];
  assert.ok(first.filter((line) => line.endsWith('heard')).length >= UNITS, first.join('\n'));
  assert.ok(
    first.some((line) => line.endsWith('up/unit-1 gone')),
    'the will of the dead unit',
  );
  assert.equal(first, second);
  assert.not.equal(first, other);
});

test('two worlds at the same time do not disturb each other', async () => {
  const [first, second] = await Promise.all([runWorld(1), runWorld(1)]);
  assert.equal(first, second);
});

test.run();
