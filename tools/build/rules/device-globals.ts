/**
 * The names that a bundle may find on the device, read from the declaration files that the
 * firmware is compiled against, so that there is one list and not two.
 */
import { readFileSync } from 'node:fs';
import type { GateOptions } from './rule.js';

/** What the interpreter has of the language itself; other rules refuse some of it. */
const LANGUAGE = [
  ...['undefined', 'NaN', 'Infinity', 'arguments', 'eval', 'isNaN', 'isFinite'],
  ...['parseInt', 'parseFloat', 'encodeURIComponent', 'decodeURIComponent'],
  ...['Object', 'Array', 'String', 'Number', 'Boolean', 'Function', 'RegExp', 'Date', 'Promise'],
  ...['Math', 'JSON', 'ArrayBuffer', 'DataView', 'Uint8Array', 'Int8Array', 'Uint8ClampedArray'],
  ...['Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'Float32Array', 'Float64Array'],
  ...['Error', 'TypeError', 'SyntaxError', 'ReferenceError', 'InternalError'],
];

export function readDeviceGlobals(
  files: readonly (string | URL)[],
): Pick<GateOptions, 'globals' | 'modules'> {
  const globals = new Set(LANGUAGE);
  const modules = new Set<string>();
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/^declare (?:var|let|const|function) (\w+)/gm)) {
      globals.add(name as string);
    }
    for (const [, name] of text.matchAll(/^declare function require\(name: '(\w+)'\)/gm)) {
      modules.add(name as string);
    }
  }
  return { globals, modules };
}

const root = new URL('../../../', import.meta.url);

/** Those of this project. */
export function deviceGlobals(): Pick<GateOptions, 'globals' | 'modules'> {
  return readDeviceGlobals([
    new URL('protocol/device-lib.d.ts', root),
    new URL('firmware/espruino/espruino.d.ts', root),
  ]);
}
