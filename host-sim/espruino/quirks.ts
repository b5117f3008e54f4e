/**
 * The JavaScript that a bundle sees: one realm of its own, without Node's names, without what the
 * device lacks, and with the device's quirks (README.md lists them). Rule: all units share it, so it
 * holds no state.
 */
import { createContext, runInContext } from 'node:vm';
import { ABSENT_GLOBALS, ABSENT_MEMBERS } from './absent.js';
import { createJson } from './json.js';

/** The realm's own objects: what a unit is handed must be made by these. */
export interface Realm {
  readonly context: object;
  readonly Error: ErrorConstructor;
  readonly SyntaxError: SyntaxErrorConstructor;
  readonly Array: ArrayConstructor;
  readonly Object: ObjectConstructor;
  readonly ArrayBuffer: ArrayBufferConstructor;
  /** The language's global names and values, to be given to a bundle as parameters. */
  readonly language: ReadonlyMap<string, unknown>;
}

const LANGUAGE_NAMES =
  'Array ArrayBuffer Boolean DataView Error Float32Array Float64Array Function Infinity Int16Array ' +
  'Int32Array Int8Array JSON Math NaN Number Object ReferenceError RegExp String SyntaxError TypeError ' +
  'Uint16Array Uint32Array Uint8Array Uint8ClampedArray decodeURIComponent encodeURIComponent ' +
  'isFinite isNaN parseFloat parseInt';

type Holder = Record<string, unknown>;

function createRealm(): Realm {
  const context = createContext({});
  const globals = runInContext('globalThis', context) as Holder;
  const listOf = globals['Array'] as ArrayConstructor;
  const listFrom = listOf.from.bind(listOf);
  for (const name of TYPED_ARRAYS) globals[name] = deviceTypedArray(globals[name], listFrom);
  globals['DataView'] = deviceDataView(globals);
  (globals['Math'] as { round: unknown }).round = roundHalfAwayFromZero;
  globals['JSON'] = createJson({
    SyntaxError: globals['SyntaxError'] as SyntaxErrorConstructor,
    Array: listOf,
    Object: globals['Object'] as ObjectConstructor,
  });
  removeAbsent(globals);
  const language = new Map<string, unknown>();
  for (const name of LANGUAGE_NAMES.split(' ')) language.set(name, globals[name]);
  for (const name of ABSENT_GLOBALS.split(' ')) delete globals[name];
  return {
    context,
    Error: globals['Error'] as ErrorConstructor,
    SyntaxError: globals['SyntaxError'] as SyntaxErrorConstructor,
    Array: listOf,
    Object: globals['Object'] as ObjectConstructor,
    ArrayBuffer: globals['ArrayBuffer'] as ArrayBufferConstructor,
    language,
  };
}

const TYPED_ARRAYS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
];

/** slice and filter give plain arrays; `set` beyond the end is cut off; length 0 means "all". */
function deviceTypedArray(original: unknown, listFrom: (items: Iterable<unknown>) => unknown[]) {
  const Base = original as Uint8ArrayConstructor;
  class DeviceArray extends Base {
    constructor(...args: unknown[]) {
      if (args.length > 2 && !args[2]) args.length = 2;
      super(...(args as [ArrayBuffer, number, number]));
    }
  }
  const base = Base.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const prototype = DeviceArray.prototype as unknown as Holder;
  const plain = (items: unknown) => listFrom(items as Iterable<unknown>);
  prototype['slice'] = function (this: Uint8Array, from?: number, to?: number) {
    return plain(this.subarray(from, to));
  };
  prototype['filter'] = function (this: Uint8Array, callback: (item: unknown) => boolean) {
    return plain(this).filter(callback);
  };
  prototype['set'] = function (this: Uint8Array, items: ArrayLike<number>, offset = 0) {
    const count = Math.min(items.length, this.length - offset);
    for (let i = 0; i < count; i++) this[offset + i] = items[i] as number;
  };
  prototype['subarray'] = function (this: Uint8Array, from?: number, to?: number) {
    const start = placeOf(from ?? 0, this.length);
    const end = placeOf(to ?? this.length, this.length);
    return start < end ? base['subarray']?.call(this, start, end) : new DeviceArray(0);
  };
  Object.defineProperty(DeviceArray, 'name', { value: Base.name });
  return DeviceArray;
}

const LARGEST_OFFSET = 65535;

/** An index that counts from the end when negative. */
function placeOf(index: number, length: number): number {
  return index < 0 ? Math.max(length + index, 0) : Math.min(index, length);
}

/** A read that starts or runs beyond the end finds zeros there; a write there is lost. */
function deviceDataView(globals: Holder) {
  const Base = globals['DataView'] as { new (buffer: ArrayBuffer): DataView; prototype: DataView };
  const RealmError = globals['Error'] as ErrorConstructor;
  class DeviceDataView extends Base {}
  const prototype = DeviceDataView.prototype as unknown as Holder;
  const { getUint8, setUint8 } = Base.prototype;
  const scratch = new Base(new (globals['ArrayBuffer'] as ArrayBufferConstructor)(8));

  /** Copies what is there to the scratch, and gives the offset as a number. */
  function load(view: DataView, offset: number, bytes: number): number {
    const start = Math.trunc(Number(offset)) || 0;
    if (start < 0 || start > LARGEST_OFFSET) {
      throw new RealmError('byteOffset too large (or negative)');
    }
    for (let i = 0; i < bytes; i++) {
      const inside = start + i < view.byteLength;
      scratch.setUint8(i, inside ? getUint8.call(view, start + i) : 0);
    }
    return start;
  }
  for (const [type, bytes] of Object.entries(WIDTHS)) {
    const get = Base.prototype[`get${type as 'Uint32'}`];
    const set = Base.prototype[`set${type as 'Uint32'}`];
    prototype[`get${type}`] = function (this: DataView, offset: number, little?: boolean) {
      if (offset >= 0 && offset + bytes <= this.byteLength) return get.call(this, offset, little);
      load(this, offset, bytes);
      return get.call(scratch, 0, little);
    };
    prototype[`set${type}`] = function (
      this: DataView,
      at: number,
      value: number,
      little?: boolean,
    ) {
      if (at >= 0 && at + bytes <= this.byteLength) return set.call(this, at, value, little);
      const start = load(this, at, bytes);
      set.call(scratch, 0, value, little);
      for (let i = 0; i < bytes && start + i < this.byteLength; i++) {
        setUint8.call(this, start + i, scratch.getUint8(i));
      }
    };
  }
  Object.defineProperty(DeviceDataView, 'name', { value: 'DataView' });
  return DeviceDataView;
}

const WIDTHS = {
  Int8: 1,
  Uint8: 1,
  Int16: 2,
  Uint16: 2,
  Int32: 4,
  Uint32: 4,
  Float32: 4,
  Float64: 8,
};

function roundHalfAwayFromZero(x: number): number {
  return x < 0 ? -Math.floor(0.5 - x) || 0 : Math.floor(x + 0.5);
}

function removeAbsent(globals: Holder): void {
  const typedArray = Object.getPrototypeOf(Object.getPrototypeOf(globals['Uint8Array'])) as Holder;
  for (const [path, names] of Object.entries(ABSENT_MEMBERS)) {
    const [root = '', member] = path.split('.');
    const owner = (root === 'TypedArray' ? typedArray : globals[root]) as Holder;
    const holder = (member === undefined ? owner : owner[member]) as Holder;
    for (const name of names.split(' ')) delete holder[name];
  }
}

export const realm: Realm = createRealm();

/** A list of the unit's own realm. */
export function deviceList<T>(items: readonly T[]): T[] {
  const list = new realm.Array<T>();
  list.push(...items);
  return list;
}

/** A buffer of the unit's own realm. */
export function deviceBuffer(bytes: Uint8Array): ArrayBuffer {
  const buffer = new realm.ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

/** The same of a byte string; of characters above a byte only their low byte is left. */
export function deviceBufferOf(text: string): ArrayBuffer {
  const buffer = new realm.ArrayBuffer(text.length);
  const bytes = new Uint8Array(buffer);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return buffer;
}
