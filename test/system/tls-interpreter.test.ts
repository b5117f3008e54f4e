/**
 * The broker called by TLS, with the unit's own certificate, on the real interpreter: a board with
 * memory for it. What it is worth is said in `firmware/espruino/net.ts`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CERTIFICATE_FILE, KEY_FILE } from '../../firmware/espruino/net.js';
import { BENCH_SECRET, provisionedFlash } from '../../host-sim/bench/bench.js';
import { tcpNetwork } from '../../host-sim/bench/networks.js';
import { ControlRoom } from '../../host-sim/control-room/control-room.js';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { findInterpreter } from '../../host-sim/interpreter/interpreter.js';
import { createInterpreterHost } from '../../host-sim/interpreter/unit-host.js';
import { demoUnits } from '../../host-sim/scenarios/demo.js';
import { RealClock } from '../../host-sim/world/clock.js';
import { findMosquitto, freePort, startMosquitto } from '../support/mosquitto.js';

const test = suite('TLS on the interpreter');
const command = findInterpreter();
const mosquitto = findMosquitto();
const hasOpenssl = !spawnSync('openssl', ['version']).error;
/** Of the unit, of the bench, and of two buffers of 16 kB. */
const VARIABLES = 8000;
const PATIENCE_MS = 30_000;

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args);
  assert.is(status, 0, String(stderr));
}

/** A certificate that signs itself, and its key. */
function certificate(
  folder: string,
  name: string,
): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const asked = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
  openssl('req', ...asked, '-keyout', key, '-out', cert);
  chmodSync(key, 0o644);
  return { cert, key };
}

function inDer(kind: 'x509' | 'rsa', file: string): string {
  const traditional = kind === 'rsa' ? ['-traditional'] : [];
  openssl(kind, '-in', file, '-outform', 'DER', '-out', `${file}.der`, ...traditional);
  return readFileSync(`${file}.der`, 'latin1');
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

if (command === null || mosquitto === null || !hasOpenssl) {
  console.log('TLS: left out, it takes ESPRUINO in the environment, mosquitto and openssl');
  test.skip('with its own certificate', () => {});
  test.skip('without one', () => {});
} else {
  const unit = demoUnits(1)[0]!;

  const withBroker = async (
    hasCertificate: boolean,
    use: (control: ControlRoom) => Promise<void>,
  ) => {
    const folder = mkdtempSync(join(tmpdir(), 'tls-'));
    // Started as root, the broker goes on as somebody else.
    chmodSync(folder, 0o755);
    const server = certificate(folder, 'broker');
    const own = certificate(folder, unit.id);
    const port = await freePort();
    const broker = await startMosquitto(
      mosquitto,
      `listener ${port} 127.0.0.1\ncertfile ${server.cert}\nkeyfile ${server.key}\n` +
        `cafile ${own.cert}\nrequire_certificate true\nuse_identity_as_username true\n`,
    );
    const clock = new RealClock();
    const network = await tcpNetwork(clock, broker.url);
    const flash = provisionedFlash(unit, { host: '127.0.0.1', port, tls: true }, clock.nowMs());
    if (hasCertificate) {
      flash.write(CERTIFICATE_FILE, inDer('x509', own.cert));
      flash.write(KEY_FILE, inDer('rsa', own.key));
    }
    const env = { ESPRUINO_VARS: String(VARIABLES), ESPRUINO_STACK: '100000' };
    const host = createInterpreterHost({ clock, bundle: loadBundle(), flash, command, env });
    const control = new ControlRoom({
      clock,
      secret: BENCH_SECRET,
      units: [unit.id],
      connect: () => network.connect('cr-control'),
      watch: () => {},
    });
    try {
      await host.ready;
      host.powerOn();
      await use(control);
    } finally {
      await host.dispose();
      await control.close();
      clock.stop();
      await broker.stop();
      rmSync(folder, { recursive: true });
    }
  };

  test('with its own certificate the unit is born by TLS, and a dispatch sounds (CR-065)', () =>
    withBroker(true, async (control) => {
      await until('its birth', () => control.units.get(unit.id)?.alive === true);
      const { steps } = control.dispatch(unit.id, {
        ambulanceReference: 'LAS-0412771',
        latitude: 51.5,
        longitude: -0.1,
        address: '14 Camden High Street',
      });
      await until('the alarm', () => 'sounding' in steps);
    }));

  test('a broker that wants one lets nobody in without', () =>
    withBroker(false, async (control) => {
      await new Promise((resolve) => setTimeout(resolve, 5000));
      assert.not.ok(control.units.get(unit.id)?.alive);
    }));
}

test.run();
