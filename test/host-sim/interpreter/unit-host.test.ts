/** The interpreter behind UnitHost: power, contacts, outputs, console, and whatever goes wrong. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { Flash } from '../../../host-sim/espruino/storage.js';
import type { UnitEvent } from '../../../host-sim/espruino/unit-host.js';
import {
  createInterpreterHost,
  MAX_CONSOLE_BYTES,
  type InterpreterHost,
} from '../../../host-sim/interpreter/unit-host.js';
import { RealClock } from '../../../host-sim/world/clock.js';
import { createTcpLink } from '../../../host-sim/world/tcp.js';
import { findInterpreter } from '../../../host-sim/interpreter/interpreter.js';

const test = suite('the interpreter as a host');
const command = findInterpreter();
const bundle = loadBundle();

interface Booted {
  readonly host: InterpreterHost;
  readonly events: UnitEvent[];
  readonly clock: RealClock;
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
}

/** A unit that runs a program of the test's own; `way` leads its sockets to this port. */
async function withUnit(
  program: string,
  work: (unit: Booted) => Promise<void>,
  brokerPort?: number,
): Promise<void> {
  const clock = new RealClock(0);
  const host = createInterpreterHost({
    clock,
    bundle,
    command: command as string,
    flash: (broker) => {
      const flash = new Flash();
      flash.write('broker', String(broker.port));
      return flash;
    },
    files: { '.bootcde': program },
    ...(brokerPort === undefined
      ? {}
      : {
          way: {
            broker: { host: '127.0.0.1', port: brokerPort },
            dial: createTcpLink(clock).dial,
          },
        }),
  });
  const events: UnitEvent[] = [];
  host.onEvent((event) => events.push(event));
  const until = async (what: string, condition: () => boolean | Promise<boolean>) => {
    const endMs = clock.nowMs() + 30_000;
    while (!(await condition())) {
      if (clock.nowMs() > endMs) {
        throw new Error(`waited in vain for ${what}: ${JSON.stringify(events)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  try {
    await work({ host, events, clock, until });
  } finally {
    await host.dispose();
    clock.stop();
  }
}

const isUp = (host: InterpreterHost) => () =>
  host.evaluate('1').then(
    (value) => value === 1,
    () => false,
  );

if (command === null) {
  console.log('the interpreter as a host: left out, the environment has no ESPRUINO');
  test.skip('contacts, outputs, resets, floods, hangs and power cuts on the interpreter', () => {});
} else {
  test('contacts closed before power are closed at boot, and edges are debounced', async () => {
    const program = `
      var edges = [], pin = new Pin("D4"), atBoot = [pin.read(), new Pin("D13").read()];
      setWatch(function (e) { edges.push(e.state); }, pin, { repeat: true, edge: "both", debounce: 200 });
      pinMode(new Pin("D18"), "output");
      setTimeout(function () { analogWrite(new Pin("D27"), 0.5, { freq: 2100 }); }, 100);`;
    await withUnit(program, async ({ host, clock, until }) => {
      const tones: [string, number, number][] = [];
      host.onOutput((pin, { frequencyHz }, atMs) => tones.push([pin, frequencyHz, atMs]));
      host.setInput('D4', false);
      host.powerOn();
      await until('the tone', () => tones.length > 0);
      assert.equal(tones[0]?.slice(0, 2), ['D27', 2100]);
      assert.ok((tones[0]?.[2] as number) <= clock.nowMs());
      assert.equal(await host.evaluate('atBoot'), [false, true]);
      assert.equal(host.readOutput('D27'), { level: 1, frequencyHz: 2100 });
      host.setInput('D4', true);
      host.setInput('D4', false);
      host.setInput('D4', true);
      await until('an edge', async () => ((await host.evaluate('edges.length')) as number) > 0);
      assert.equal(await host.evaluate('edges'), [true]);
      host.cutPower();
      assert.equal(host.readOutput('D27'), { level: 0, frequencyHz: 0 });
      let refused = '';
      await host.evaluate('1').catch((error: Error) => (refused = error.message));
      assert.is(refused, 'the unit is not running');
    });
  });

  test('Storage outlives power cuts, and E.reboot() is a reset that is told', async () => {
    const program = `
      var files = require("Storage"), boots = +(files.read("boots") || 0) + 1;
      files.write("boots", "" + boots);
      if (boots === 2) setTimeout(function () { E.reboot(); }, 50);`;
    await withUnit(program, async ({ host, events, until }) => {
      host.powerOn();
      await until('the first boot', isUp(host));
      assert.is(await host.evaluate('boots'), 1);
      host.cutPower();
      host.powerOn();
      await until('the reset', () => events.length > 0);
      assert.equal([events[0]?.kind, events[0]?.detail], ['reboot', 'E.reboot()']);
      await until('the third boot', isUp(host));
      assert.is(await host.evaluate('boots'), 3);
      assert.is(events.length, 1);
    });
  });

  test('a unit that floods its console is ended, told of, and started again', async () => {
    const program = `
      var files = require("Storage"), mad = !files.read("mad");
      files.write("mad", "x");
      function flood() { setTimeout(flood, 0); for (var i = 0; i < 50; i++) print("mad mad mad mad"); }
      if (mad) flood();`;
    await withUnit(program, async ({ host, events, until }) => {
      host.powerOn();
      await until('the flood', () => events.length > 0);
      assert.is(events[0]?.kind, 'console');
      assert.match(events[0]?.detail as string, /^it floods: ended, ".*mad/);
      await until('the next boot', isUp(host));
      assert.is(events.length, 1);
      assert.ok(MAX_CONSOLE_BYTES >= 100_000, 'a unit may print its banner');
    });
  });

  test('a unit that hangs is ended by the watchdog, told of, and started again', async () => {
    const program = `
      var files = require("Storage"), hangs = !files.read("hung");
      files.write("hung", "x");
      E.enableWatchdog(2, false);
      function kick() { setTimeout(kick, 500); E.kickWatchdog(); }
      kick();
      if (hangs) setTimeout(function () { while (true); }, 1000);`;
    await withUnit(program, async ({ host, events, until }) => {
      host.powerOn();
      await until('the watchdog', () => events.length > 0);
      assert.equal([events[0]?.kind, events[0]?.detail], ['watchdog', 'not kicked for 2 s']);
      await until('the next boot', isUp(host));
      assert.is(events.length, 1);
    });
  });

  test('an exception that nothing caught is told, and so is a process that ends', async () => {
    const program = `
      var files = require("Storage"), dies = !files.read("died");
      files.write("died", "x");
      if (dies) setTimeout(function () { setTimeout(quit, 200); no.such.name(); }, 50);`;
    await withUnit(program, async ({ host, events, until }) => {
      host.powerOn();
      await until('both', () => events.length > 1);
      assert.is(events[0]?.kind, 'uncaught');
      assert.match(events[0]?.detail as string, /ReferenceError/);
      assert.is(events[1]?.kind, 'uncaught');
      assert.match(events[1]?.detail as string, /^the interpreter ended by 0: /);
      await until('the next boot', isUp(host));
    });
  });

  test('a power cut is silence to the far end, a close is a close', async () => {
    const connections: { socket: Socket; ended: boolean; heard: string }[] = [];
    const server = createServer((socket) => {
      const connection = { socket, ended: false, heard: '' };
      connections.push(connection);
      socket.on('data', (bytes) => (connection.heard += bytes.toString('latin1')));
      socket.on('error', () => {});
      socket.on('end', () => (connection.ended = true));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const program = `
      var port = +require("Storage").read("broker"), got = "";
      var one = require("net").connect({ host: "127.0.0.1", port: port }, function () { one.write("one"); });
      var two = require("net").connect({ host: "127.0.0.1", port: port }, function () { two.write("two"); });
      one.on("data", function (d) { got += d; });
      two.on("data", function (d) { two.end(); });`;
    try {
      await withUnit(
        program,
        async ({ host, until }) => {
          host.powerOn();
          const find = (heard: string) => connections.find((one) => one.heard === heard);
          await until('both', () => !!find('one') && !!find('two'));
          find('one')?.socket.write(Buffer.from([0, 255]));
          await until('bytes back', async () => (await host.evaluate('got.length')) === 2);
          assert.equal(await host.evaluate('[got.charCodeAt(0),got.charCodeAt(1)]'), [0, 255]);
          find('two')?.socket.write('go');
          await until('a close', () => find('two')?.ended === true);
          host.cutPower();
          await new Promise((resolve) => setTimeout(resolve, 500));
          assert.is(find('one')?.ended, false);
          assert.is(find('one')?.socket.destroyed, false);
        },
        (server.address() as AddressInfo).port,
      );
    } finally {
      for (const { socket } of connections) socket.destroy();
      server.close();
    }
  });
}

test.run();
