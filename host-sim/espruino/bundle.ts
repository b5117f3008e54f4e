/**
 * The unit's program: exactly the bytes that are flashed, with the loader that starts them. What a
 * unit runs, it takes from its flash; each text is compiled once for all units. Rule: nothing is
 * added to or taken from the source; what it sees comes in as parameters of one function.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import { crc32 } from 'node:zlib';
import { UserError } from '../exit-codes.js';
import { GLOBAL_NAMES, type DeviceGlobals } from './globals.js';
import { BundleNames, readNames } from './names.js';
import { realm } from './quirks.js';
import type { Flash } from './storage.js';

export interface Bundle {
  readonly bytes: Buffer;
  /** Of the bytes, in hex. */
  readonly sha256: string;
  /** What the build calls the properties of the source. */
  readonly names: BundleNames;
  /** What provisioning puts into flash: boot code, and the bundle in the first slot. */
  readonly files: Readonly<Record<string, string>>;
}

const DEFAULT_PATH = fileURLToPath(new URL('../../firmware/dist/unit.js', import.meta.url));

export function loadBundle(path = DEFAULT_PATH): Bundle {
  const loader = join(dirname(path), 'loader.js');
  for (const file of [path, loader]) {
    if (existsSync(file)) continue;
    const shown = path === DEFAULT_PATH ? `firmware/dist/${basename(file)}` : file;
    const found = `the unit's bundle is not built: ${shown} not found`;
    throw new UserError('bundleMissing', `${found}. Run npm run build.`);
  }
  return compileBundle(readFileSync(path), readNames(path), readFileSync(loader));
}

/** @param loader the boot code; without one, the bundle itself is */
export function compileBundle(
  source: Buffer | string,
  names = new BundleNames({}),
  loader: Buffer | null = null,
): Bundle {
  // The device reads bytes, not UTF-8.
  const bytes = typeof source === 'string' ? Buffer.from(source, 'latin1') : source;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const text = bytes.toString('latin1');
  const files: Record<string, string> = loader
    ? {
        '.bootcde': loader.toString('latin1'),
        'app.a': text,
        'app.a.i': `1,${bytes.length},${crc32(bytes)}`,
      }
    : { '.bootcde': text };
  return { bytes, names, sha256, files };
}

/** Puts a bundle into flash, with what starts it. */
export function installBundle(flash: Flash, bundle: Bundle): void {
  for (const [name, text] of Object.entries(bundle.files)) flash.write(name, text);
}

const LANGUAGE_VALUES = [...realm.language.values()];
const PARAMETERS = [...realm.language.keys(), ...GLOBAL_NAMES];

/** What stack traces call the bundle, wherever it lies. */
const NAME = 'unit.js';

const GIVE_UNIT = "\nreturn typeof unit === 'undefined' ? undefined : unit;";

type Program = (...values: unknown[]) => unknown;

/** By their text: ten thousand units compile it once. */
const programs = new Map<string, Program>();
const evaluated = new Map<string, Evaluated>();
const expressions = new Map<string, Program>();

/** Runs a text of the flash or of a timer in the global scope. Gives its `unit`, if it has one. */
export function runText(text: string, globals: DeviceGlobals): unknown {
  const program = once(programs, text, () => compile(text + GIVE_UNIT, PARAMETERS, NAME));
  return program(...LANGUAGE_VALUES, ...valuesOf(globals));
}

/** What an evaluated text sees besides: `app`, which is itself, and functions made of text. */
const EVALUATED = ['app', 'Function', '$scope'];
const EVALUATED_PARAMETERS = [
  ...PARAMETERS.filter((name) => name !== 'eval' && !EVALUATED.includes(name)),
  ...EVALUATED,
];
/** On the device a function made of text sees what the text before it declared: all is global. */
const GIVE_EVAL = 'function(){return eval(arguments[0])}';

/** A function that a bundle makes of a part of its own text, each time that it calls it. */
interface Part {
  readonly index: number;
  readonly parameters: string;
  readonly code: string;
}

/** The build's call for it: where it begins in the text, how long it is, its parameter if any. */
const PART_CALL = /\$\((\d+),(\d+)(?:,"(\w+)")?\)/g;

/** Those that a text says it will make, by where they begin. */
function partsOf(text: string): Map<number, Part> {
  const parts = new Map<number, Part>();
  for (const [, at, length, parameters = ''] of text.matchAll(PART_CALL)) {
    const code = text.substr(Number(at), Number(length));
    if (!parts.has(Number(at))) parts.set(Number(at), { index: parts.size, parameters, code });
  }
  return parts;
}

interface Evaluated {
  readonly program: Program;
  /** What the program sees as the text that it is. */
  readonly app: object;
  /** The part that was cut out of `app`, if the text is one. */
  readonly partOf: (cut: unknown) => Part | undefined;
}

/**
 * The parts are compiled with the text, once for all units: made anew at each call, they would be
 * run without any of what Node has learnt of them.
 */
function compileEvaluated(text: string): Evaluated {
  const parts = partsOf(text);
  const cases = [...parts.values()].map(
    ({ parameters, code, index }) => `case ${index}:return function(${parameters}){${code}\n};`,
  );
  // (No names of its own: it would hide the text's.)
  const give = `$scope(${GIVE_EVAL},function(){switch(arguments[0]){${cases.join('')}}});\n`;
  return {
    program: compile(give + text + GIVE_UNIT, EVALUATED_PARAMETERS, NAME, give),
    ...cuttable(text, parts),
  };
}

/**
 * A text whose cuts are known again: they come by the hundred in each second of a city, and to
 * compare them costs more than to run them.
 */
function cuttable(text: string, parts: Map<number, Part>): Pick<Evaluated, 'app' | 'partOf'> {
  let last: Part | undefined;
  let lastCut = '';
  const app = realm.Object(text) as { substr: (at: number, length: number) => string };
  app.substr = (at, length) => {
    last = parts.get(at);
    if (last?.code.length === length) return (lastCut = last.code);
    return text.substr(at, length);
  };
  return { app: Object.freeze(app), partOf: (cut) => (cut === lastCut ? last : undefined) };
}

type Evaluate = (expression: string) => unknown;
type MakePart = (index: number) => unknown;

/** As `runText`, for what the loader runs by `eval`: the unit's bundle. */
export function runBundle(text: string, globals: DeviceGlobals): unknown {
  const { program, app, partOf } = once(evaluated, text, () => compileEvaluated(text));
  const values = new Map<string, unknown>([...realm.language, ...Object.entries(globals)]);
  let evaluate: Evaluate | null = null;
  let makePart: MakePart | null = null;
  // One that was made is given again: it has nothing of its own that could tell it from a new one.
  const made: unknown[] = [];
  values.set('app', app);
  // Takes at most three parameters. (It is derived, and has no list of its arguments, because nothing
  // is to be made before it is known what: it is called all the time.)
  class FunctionOfText extends Object {
    constructor(parameters?: unknown, code?: unknown, third?: unknown, fourth?: unknown) {
      const part = partOf(code);
      if (part && part.parameters === (parameters ?? '')) {
        return (made[part.index] ??= makePart?.(part.index)) as object;
      }
      const texts = [parameters, code, third, fourth].filter((text) => text !== undefined);
      const last = texts.pop() as string;
      super();
      return evaluate?.(`(function(${texts.join()}){${last}\n})`) as object;
    }
  }
  values.set('Function', FunctionOfText);
  values.set('$scope', (given: Evaluate, make: MakePart) => {
    evaluate = given;
    makePart = make;
  });
  return program(...EVALUATED_PARAMETERS.map((name) => values.get(name)));
}

function once<T>(known: Map<string, T>, text: string, make: () => T): T {
  let program = known.get(text);
  if (!program) {
    program = make();
    known.set(text, program);
  }
  return program;
}

/** Evaluates one expression with the unit and the same globals in scope. */
export function evaluateExpression(
  expression: string,
  globals: DeviceGlobals,
  unit: unknown,
): unknown {
  const compiled = once(expressions, expression, () =>
    compile(`return (${expression}\n);`, [...PARAMETERS, 'unit'], 'console'),
  );
  return compiled(...LANGUAGE_VALUES, ...valuesOf(globals), unit);
}

/** @param before what stands before the text, and is to be no part of its lines */
function compile(source: string, parameters: string[], filename: string, before = ''): Program {
  const lineOffset = -(before.split('\n').length - 1);
  const options = { filename, lineOffset, parsingContext: realm.context };
  return compileFunction(source, parameters, options) as Program;
}

function valuesOf(globals: DeviceGlobals): unknown[] {
  return GLOBAL_NAMES.map((name) => globals[name]);
}
