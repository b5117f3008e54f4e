/**
 * What the unit's interpreter lacks, or has and does otherwise than the language says. Data only:
 * `members.ts` finds these names in a bundle, the compiler's `device-lib.d.ts` keeps them out of
 * the sources, and this table catches what casts and generated code bring in.
 *
 * The form of a name says how it is looked for:
 * - `Map`             a global
 * - `Array.from`      a member of a global; `Array.prototype.*` any member of that prototype
 * - `.flat()`         a call of a method of that name, whatever it is called on
 * - `[].lastIndexOf()` the same, only on an array literal: a string has a method of that name, and
 *                     the text does not say what a variable holds (the compiler knows)
 */

export interface Absent {
  readonly name: string;
  /** What it does on the device; "is absent" unless told. */
  readonly why?: string;
  /** What to write instead. */
  readonly instead: string;
  /** Its own rule, for what is there and differs. */
  readonly rule?: string;
  /** Methods: a global on which the method does exist. */
  readonly except?: string;
}

const RECORD = 'a record whose keys begin with a letter, or an array';
const LOOP = 'a `for` loop';
const FLOOR = '`Math.floor(x) === x`, and a check of its limits';
const OWN = 'or, if it is a function of your own, give it another name';

const globals: Absent[] = [
  { name: 'Map', instead: RECORD },
  { name: 'Set', instead: RECORD },
  { name: 'WeakMap', instead: 'a field of the record' },
  { name: 'WeakSet', instead: 'a field of the record' },
  { name: 'WeakRef', instead: 'a plain reference that you clear' },
  { name: 'FinalizationRegistry', instead: 'a release function that you call' },
  { name: 'Symbol', instead: 'a string key' },
  { name: 'Proxy', instead: 'a function' },
  { name: 'Reflect', instead: 'the plain operation' },
  { name: 'Intl', instead: 'text put together by hand' },
  { name: 'BigInt', instead: 'two words of 32 bits' },
  { name: 'Atomics', instead: 'nothing: there is one thread' },
  { name: 'SharedArrayBuffer', instead: '`ArrayBuffer`' },
  { name: 'TextEncoder', instead: '`E.toArrayBuffer(text)`: a string is its bytes' },
  { name: 'TextDecoder', instead: '`E.toString(bytes)`: a string is its bytes' },
  { name: 'URL', instead: 'the parts as settings' },
  { name: 'RangeError', instead: 'a code that the function returns' },
  { name: 'EvalError', instead: 'a code that the function returns' },
  { name: 'URIError', instead: 'a code that the function returns' },
  { name: 'queueMicrotask', instead: '`setTimeout(f, 0)`' },
  { name: 'setImmediate', instead: '`setTimeout(f, 0)`' },
  { name: 'structuredClone', instead: 'a function that copies the fields it knows' },
  { name: 'performance', instead: '`getTime()`' },
  { name: 'fetch', instead: 'a socket of `require("net")`' },
  { name: 'escape', instead: 'ASCII text' },
  { name: 'unescape', instead: 'ASCII text' },
  { name: 'encodeURI', instead: 'ASCII text' },
  { name: 'decodeURI', instead: 'ASCII text' },
];

const statics: Absent[] = [
  { name: 'Array.from', instead: LOOP },
  { name: 'Array.of', instead: 'an array literal' },
  { name: 'Uint8Array.from', instead: LOOP },
  { name: 'Uint8Array.of', instead: LOOP },
  { name: 'ArrayBuffer.isView', instead: 'a type that the compiler checks' },
  { name: 'String.raw', instead: 'a plain string' },
  { name: 'String.fromCodePoint', instead: '`String.fromCharCode`, of bytes' },
  { name: 'Number.isInteger', instead: FLOOR },
  { name: 'Number.isSafeInteger', instead: FLOOR },
  { name: 'Number.isFinite', instead: 'a check of its limits' },
  { name: 'Number.isNaN', instead: '`isNaN(x)`' },
  { name: 'Number.parseInt', instead: '`parseInt(text, 10)`' },
  { name: 'Number.parseFloat', instead: '`parseFloat(text)`' },
  { name: 'Number.MAX_SAFE_INTEGER', instead: 'the number itself' },
  { name: 'Number.MIN_SAFE_INTEGER', instead: 'the number itself' },
  { name: 'Number.EPSILON', instead: 'a tolerance with a name' },
  { name: 'Math.trunc', instead: '`Math.floor`, minding negatives' },
  { name: 'Math.imul', instead: '`(a * b) | 0` for products below 2 ** 53' },
  { name: 'Math.clz32', instead: LOOP },
  { name: 'Math.hypot', instead: '`Math.sqrt(x * x + y * y)`' },
  { name: 'Math.log2', instead: '`Math.log(x) / Math.LN2`' },
  { name: 'Math.log10', instead: '`Math.log(x) / Math.LN10`' },
  { name: 'Math.cbrt', instead: '`Math.pow(x, 1 / 3)`' },
  { name: 'Math.fround', instead: 'the number itself' },
  { name: 'Math.sinh', instead: '`Math.exp`' },
  { name: 'Math.cosh', instead: '`Math.exp`' },
  { name: 'Math.tanh', instead: '`Math.exp`' },
  { name: 'Object.freeze', instead: 'nothing: `readonly` in the types' },
  { name: 'Object.isFrozen', instead: 'nothing: `readonly` in the types' },
  { name: 'Object.seal', instead: 'nothing: `readonly` in the types' },
  { name: 'Object.isSealed', instead: 'nothing: `readonly` in the types' },
  { name: 'Object.preventExtensions', instead: 'nothing: `readonly` in the types' },
  { name: 'Object.is', instead: '`===`' },
  { name: 'Object.hasOwn', instead: '`o.hasOwnProperty(key)`' },
  { name: 'Object.groupBy', instead: LOOP },
  { name: 'Date.UTC', instead: 'the day number, computed' },
  { name: 'Promise.race', instead: 'a callback' },
  { name: 'Promise.any', instead: 'a callback' },
  { name: 'Promise.allSettled', instead: 'a callback' },
  {
    name: 'Array.prototype.*',
    why: 'is undefined: only instances have the methods',
    instead: '`[].slice.call(x, 0)`',
  },
  {
    name: 'String.prototype.*',
    why: 'is undefined: only instances have the methods',
    instead: '`"".substr.call(x, 0)`',
  },
];

const methods: Absent[] = [
  { name: '.at()', instead: `an index, ${OWN}` },
  { name: '.flat()', instead: `${LOOP}, ${OWN}` },
  { name: '.flatMap()', instead: `${LOOP}, ${OWN}` },
  { name: '.copyWithin()', instead: `${LOOP}, ${OWN}` },
  { name: '.findLast()', instead: `${LOOP}, ${OWN}` },
  { name: '.findLastIndex()', instead: `${LOOP}, ${OWN}` },
  { name: '.reduceRight()', instead: `${LOOP}, ${OWN}` },
  { name: '.toSorted()', instead: `a copy and \`sort\`, ${OWN}` },
  { name: '.toReversed()', instead: `a copy and \`reverse\`, ${OWN}` },
  { name: '.keys()', instead: `${LOOP}, ${OWN}`, except: 'Object' },
  { name: '.values()', instead: `${LOOP}, ${OWN}`, except: 'Object' },
  { name: '.entries()', instead: `${LOOP}, ${OWN}`, except: 'Object' },
  { name: '[].lastIndexOf()', instead: LOOP },
  { name: '.codePointAt()', instead: `\`charCodeAt\`: a character is a byte, ${OWN}` },
  { name: '.localeCompare()', instead: `\`<\` and \`>\`, ${OWN}` },
  { name: '.matchAll()', instead: `\`indexOf\` and \`substr\`, ${OWN}` },
  { name: '.normalize()', instead: `ASCII text, ${OWN}` },
  { name: '.search()', instead: `\`indexOf\`, ${OWN}` },
  { name: '.trimStart()', instead: `\`trim\`, ${OWN}` },
  { name: '.trimEnd()', instead: `\`trim\`, ${OWN}` },
  { name: '.trimLeft()', instead: `\`trim\`, ${OWN}` },
  { name: '.trimRight()', instead: `\`trim\`, ${OWN}` },
  { name: '.toPrecision()', instead: `\`toFixed\`, ${OWN}` },
  { name: '.toExponential()', instead: `\`toFixed\`, ${OWN}` },
  { name: '.toLocaleString()', instead: `text put together by hand, ${OWN}` },
  { name: '.finally()', instead: `the same step in both callbacks, ${OWN}` },
];

const different: Absent[] = [
  {
    name: 'setInterval',
    rule: 'set-interval',
    why: 'is deleted by the interpreter when memory or stack runs out in it',
    instead: '`setTimeout`, armed again first thing in its callback',
  },
  {
    name: 'changeInterval',
    rule: 'set-interval',
    why: 'works on intervals, which the interpreter deletes when memory runs out',
    instead: '`setTimeout`, armed again first thing in its callback',
  },
  {
    name: 'Math.random',
    rule: 'math-random',
    why: 'gives the same numbers on every unit after every start',
    instead: 'a persisted counter, or a hash of a secret and a counter',
  },
  {
    name: 'Math.round',
    rule: 'math-round',
    why: 'gives other results for negative halves, -3 for -2.5',
    instead: '`Math.floor(x + 0.5)`',
  },
  {
    name: 'Date.parse',
    rule: 'date-parse',
    why: 'gives 0 for garbage, not NaN, and lets fields out of range roll over',
    instead: 'milliseconds as a number',
  },
];

export const absentNames: readonly Absent[] = [...globals, ...statics, ...methods, ...different];
