/** The display's binding on stand-ins of what it names: it is never the cause of a fault. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { espruinoDisplay } from '../../../firmware/espruino/display.js';
import { esp32DevKit } from '../../../firmware/boards/esp32-devkit.js';
import type { Display } from '../../../firmware/ports/display.js';

/** The device's globals, with what went over the bus. */
class Device {
  readonly calls: string[] = [];
  isAnswering = true;
  hasModule = true;
  private ready = (): void => {};

  private readonly i2c = {
    setup: (options: { sda: { name: string }; scl: { name: string }; bitrate: number }): void => {
      this.calls.push(`setup ${options.sda.name} ${options.scl.name} ${options.bitrate}`);
    },
    writeTo: (address: number, bytes: readonly number[]): void => {
      this.send(`write ${address} ${bytes.join()}`);
    },
  };

  constructor() {
    Object.assign(globalThis, {
      I2C1: this.i2c,
      Pin: class {
        constructor(readonly name: string) {}
      },
      require: (name: string) => {
        if (!this.hasModule) throw new Error(`Module "${name}" not found`);
        return {
          connect: (i2c: unknown, callback: () => void) => {
            assert.is(i2c, this.i2c);
            this.ready = callback;
            return {
              clear: () => this.calls.push('clear'),
              setFont: (font: string) => this.calls.push(font),
              drawString: (text: string, x: number, y: number) =>
                this.calls.push(`${text} at ${x},${y}`),
              flip: () => this.send('flip'),
            };
          },
        };
      },
    });
  }
  private send(what: string): void {
    if (!this.isAnswering) throw new Error('slave does not ACK the transfer');
    this.calls.push(what);
  }
  setUp(): void {
    this.ready();
  }
  take(): string[] {
    return this.calls.splice(0);
  }
}

test('without the module, or without an answer on the bus, there is no display', () => {
  const bare = new Device();
  bare.hasModule = false;
  assert.is(espruinoDisplay(esp32DevKit()), null);
  assert.equal(bare.take(), [], 'the bus is left alone');
  const silent = new Device();
  silent.isAnswering = false;
  assert.is(espruinoDisplay(esp32DevKit()), null);
});

test('it shows nothing before it is set up, then what it is told, and the same only once', () => {
  const device = new Device();
  const display = espruinoDisplay(esp32DevKit()) as Display;
  assert.equal(device.take(), ['setup D21 D22 400000', 'write 60 0,174']);
  display.show(['early']);
  assert.equal(device.take(), []);
  device.setUp();
  display.show([]);
  assert.equal(device.take(), ['clear', '6x8:2', 'flip'], 'dark from the start');
  display.show(['JOB 640m', '0123456789']);
  display.show(['JOB 640m', '0123456789']);
  assert.equal(device.take(), ['clear', '6x8:2', 'JOB 640m at 0,0', '0123456789 at 0,16', 'flip']);
  display.show(['JOB', '0123456789A']);
  assert.equal(device.take()[1], '6x8:1x2', 'as wide as fits');
});

test('a display that fails is tried again, and after five times left alone', () => {
  const device = new Device();
  const display = espruinoDisplay(esp32DevKit()) as Display;
  device.setUp();
  device.isAnswering = false;
  for (let i = 0; i < 4; i++) display.show(['A']);
  device.isAnswering = true;
  device.take();
  display.show(['A']);
  assert.is(device.take().at(-1), 'flip', 'drawn after all');
  device.isAnswering = false;
  display.show(['B']);
  device.isAnswering = true;
  device.take();
  display.show(['B']);
  assert.equal(device.take(), []);
});

test.run();
