/**
 * What JavaScript has and the unit's interpreter lacks, as found by asking the interpreter itself
 * (2v29.277). Rule: names only; quirks.ts takes them out of the realm the bundle runs in.
 */

/** Global names. The second line is not absent on the device: it would let in Node's time and chance. */
export const ABSENT_GLOBALS =
  'AggregateError AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array ' +
  'DisposableStack EvalError FinalizationRegistry Intl Iterator Map Proxy RangeError Reflect Set ' +
  'SharedArrayBuffer SuppressedError Symbol URIError WeakMap WeakRef WeakSet WebAssembly ' +
  'decodeURI encodeURI escape unescape ' +
  'Date Promise console globalThis';

/** Members by the object that would hold them. */
export const ABSENT_MEMBERS: Readonly<Record<string, string>> = {
  Array: 'from fromAsync of',
  'Array.prototype':
    'at copyWithin entries findLast findLastIndex flat flatMap keys lastIndexOf reduceRight ' +
    'toLocaleString toReversed toSorted toSpliced values with',
  ArrayBuffer: 'isView',
  'ArrayBuffer.prototype': 'maxByteLength resizable resize slice',
  'DataView.prototype': 'getBigInt64 getBigUint64 setBigInt64 setBigUint64',
  // Math.random exists on the device, with the same numbers after every boot on every unit.
  Math: 'acosh asinh atanh cbrt clz32 cosh expm1 fround hypot imul log10 log1p log2 sinh tanh trunc random',
  // (Its constants EPSILON, MAX_SAFE_INTEGER and MIN_SAFE_INTEGER cannot be taken away.)
  Number: 'isFinite isInteger isNaN isSafeInteger parseFloat parseInt',
  'Number.prototype': 'toExponential toLocaleString toPrecision',
  Object:
    'freeze getOwnPropertySymbols groupBy hasOwn is isExtensible isFrozen isSealed ' +
    'preventExtensions seal',
  'Object.prototype':
    '__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ isPrototypeOf ' +
    'propertyIsEnumerable toLocaleString',
  String: 'fromCodePoint raw',
  'String.prototype':
    'anchor at big blink bold codePointAt fixed fontcolor fontsize isWellFormed italics link ' +
    'localeCompare matchAll normalize search small strike sub sup toLocaleLowerCase ' +
    'toLocaleUpperCase toWellFormed trimEnd trimLeft trimRight trimStart',
  TypedArray: 'from of',
  'TypedArray.prototype':
    'at copyWithin entries findLast findLastIndex keys lastIndexOf reduceRight toLocaleString ' +
    'toReversed toSorted values with',
};
