/**
 * What the loader starts: the unit, on this board's ports. Without settings or keys there is none,
 * and the loader's watchdog leads back to the loader.
 */
import { SETTINGS_RECORD, type UnitSettings } from '../../protocol/settings.js';
import { esp32DevKit } from '../boards/esp32-devkit.js';
import { Lamp } from '../ports/outputs.js';
import type { Ports } from '../ports/ports.js';
import { createKeyring } from '../seal/keyring.js';
import { readRecord } from '../store/records.js';
import { startUnit, type Unit } from '../unit.js';
import { espruinoBytes } from './bytes.js';
import { espruinoCiphers } from './ciphers.js';
import { espruinoClock } from './clock.js';
import { espruinoDisplay } from './display.js';
import { espruinoInputs } from './inputs.js';
import { espruinoNet, espruinoTls } from './net.js';
import { espruinoNetwork } from './network.js';
import { espruinoOutputs } from './outputs.js';
import { espruinoSensors } from './sensors.js';
import { espruinoSerial, espruinoTags } from './serial.js';
import { espruinoStore } from './store.js';
import { espruinoSystem } from './system.js';

/**
 * (Nothing is made where it is called: what is kept of it would keep this scope.)
 * @rare
 */
function powerOn(): Unit | null {
  const board = esp32DevKit();
  const outputs = /* @__NOINLINE__ */ espruinoOutputs(board);
  outputs.light(Lamp.amber, true);
  const records = { store: espruinoStore, crc32: espruinoSystem.crc32 };
  const stored = readRecord(records, SETTINGS_RECORD);
  const keyring = /* @__NOINLINE__ */ createKeyring(espruinoBytes, espruinoCiphers, records);
  if (stored === null || keyring === null) return null;
  // Checked by whoever wrote them (CR-066), and by the record's checksum.
  const settings = JSON.parse(stored) as UnitSettings;
  const ports: Ports = {
    outputs: outputs,
    bytes: espruinoBytes,
    ciphers: espruinoCiphers,
    clock: espruinoClock,
    display: espruinoDisplay(board),
    inputs: /* @__NOINLINE__ */ espruinoInputs(board),
    net: settings.tls === true ? espruinoTls() : espruinoNet,
    network: espruinoNetwork,
    gps: /* @__NOINLINE__ */ espruinoSerial(board),
    sensors: espruinoSensors(board),
    store: espruinoStore,
    system: espruinoSystem,
    tags: settings.tagReader === true ? espruinoTags(board) : null,
  };
  return /* @__NOINLINE__ */ startUnit(ports, board, records, settings, keyring);
}

export default powerOn();
