/**
 * Espruino's own modules, MQTT.js and GPS.js, as peers of the unit: when the person who measures
 * has their files. They run as they are given; minified ones are faster, as the unit's bundle is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../exit-codes.js';

/** Said in place of figures. */
export const NO_PEER = 'no peer given';

export function readPeer(option: string, path: string): string {
  if (existsSync(path)) return readFileSync(path, 'latin1');
  throw new UserError('fileMissing', `--${option}: ${path}: no such file`);
}

/** An expression that makes a module of a file in flash, as `require` does on a board. */
export function moduleExpression(name: string, file: string): string {
  const text = `require("Storage").read("${file}")`;
  const inMemory = `E.getAddressOf(s,true)?s:" "+s`;
  return `(function(s){Modules.addCached("${name}",${inMemory});return 1})(${text})`;
}
