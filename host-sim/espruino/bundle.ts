/**
 * The unit's program: exactly the bytes that are flashed, compiled once for all units. Rule: nothing
 * is added to or taken from the source; what it sees comes in as parameters of one function.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import { UserError } from '../exit-codes.js';
import { GLOBAL_NAMES, type DeviceGlobals } from './globals.js';
import { BundleNames, readNames } from './names.js';
import { realm } from './quirks.js';

export interface Bundle {
  readonly bytes: Buffer;
  /** Of the bytes, in hex. */
  readonly sha256: string;
  /** What the build calls the properties of the source. */
  readonly names: BundleNames;
  /** Runs the program. Gives its `unit`, or undefined if it has none. */
  start(globals: DeviceGlobals): unknown;
  /** Evaluates one expression with the program's `unit` and the same globals in scope. */
  evaluate(expression: string, globals: DeviceGlobals, unit: unknown): unknown;
}

const DEFAULT_PATH = fileURLToPath(new URL('../../firmware/dist/unit.js', import.meta.url));

export function loadBundle(path = DEFAULT_PATH): Bundle {
  if (!existsSync(path)) {
    const shown = path === DEFAULT_PATH ? 'firmware/dist/unit.js' : path;
    const found = `the unit's bundle is not built: ${shown} not found`;
    throw new UserError('bundleMissing', `${found}. Run npm run build.`);
  }
  return compileBundle(readFileSync(path), readNames(path));
}

const LANGUAGE_VALUES = [...realm.language.values()];
const PARAMETERS = [...realm.language.keys(), ...GLOBAL_NAMES];

/** What stack traces call the bundle, wherever it lies. */
const NAME = 'unit.js';

export function compileBundle(source: Buffer | string, names = new BundleNames({})): Bundle {
  // The device reads bytes, not UTF-8.
  const bytes = typeof source === 'string' ? Buffer.from(source, 'latin1') : source;
  const giveUnit = "\nreturn typeof unit === 'undefined' ? undefined : unit;";
  const program = compile(bytes.toString('latin1') + giveUnit, PARAMETERS, NAME);
  const expressions = new Map<string, Program>();
  return {
    bytes,
    names,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    start: (globals) => program(...LANGUAGE_VALUES, ...valuesOf(globals)),
    evaluate: (expression, globals, unit) => {
      let compiled = expressions.get(expression);
      if (!compiled) {
        compiled = compile(`return (${expression}\n);`, [...PARAMETERS, 'unit'], 'console');
        expressions.set(expression, compiled);
      }
      return compiled(...LANGUAGE_VALUES, ...valuesOf(globals), unit);
    },
  };
}

type Program = (...values: unknown[]) => unknown;

function compile(source: string, parameters: string[], filename: string): Program {
  const options = { filename, parsingContext: realm.context };
  return compileFunction(source, parameters, options) as Program;
}

function valuesOf(globals: DeviceGlobals): unknown[] {
  return GLOBAL_NAMES.map((name) => globals[name]);
}
