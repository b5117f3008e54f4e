/**
 * JSON as the interpreter has it: `parse` runs the interpreter's own lexer over the text and stops
 * when it has one value; `stringify` writes bytes only. Found by asking the interpreter.
 */

interface Intrinsics {
  readonly SyntaxError: SyntaxErrorConstructor;
  readonly Array: ArrayConstructor;
  readonly Object: ObjectConstructor;
}

export interface DeviceJson {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}

export function createJson(intrinsics: Intrinsics): DeviceJson {
  return {
    parse: (text) => {
      const value = new Parser(String(text), intrinsics).value();
      return value === NOTHING ? undefined : value;
    },
    stringify,
  };
}

/** The interpreter gives up without an exception after a minus sign that has no number. */
const NOTHING = Symbol('nothing');

const SPACE = /(?:[ \t\n\r\v\f]|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const STRING = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`(?:[^`\\]|\\[^])*`/y;
const NUMBER =
  /0[xX][0-9a-fA-F]*|0[bB][01]*|0[oO][0-7]*|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d*)?/y;
const WORD = /(?:true|false|null)(?![\w$])/y;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{1,3})|([^]))/g;
const ESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

class Parser {
  #at = 0;

  constructor(
    readonly text: string,
    readonly realm: Intrinsics,
  ) {}

  value(): unknown {
    this.#match(SPACE);
    const string = this.#match(STRING);
    if (string !== null) return this.#unescape(string);
    const number = this.#match(NUMBER);
    if (number !== null) return toNumber(number);
    const word = this.#match(WORD);
    if (word !== null) return WORDS[word];
    if (this.text.startsWith('--', this.#at)) throw this.#unexpected('Expecting valid value, got');
    if (this.#take('-')) return this.#negative();
    if (this.#take('[')) return this.#list();
    if (this.#take('{')) return this.#record();
    throw this.#unexpected('Expecting valid value, got');
  }

  #negative(): unknown {
    this.#match(SPACE);
    const number = this.#match(NUMBER);
    return number === null ? NOTHING : 0 - toNumber(number);
  }

  #list(): unknown {
    const list = new this.realm.Array<unknown>();
    while (!this.#take(']')) {
      const value = this.value();
      if (value === NOTHING) return NOTHING;
      list.push(value);
      if (this.#take(']')) break;
      if (!this.#take(',')) throw this.#unexpected("Expected ',', got");
    }
    return list;
  }

  #record(): unknown {
    const record = new this.realm.Object() as Record<string, unknown>;
    while (!this.#take('}')) {
      const key = this.#match(STRING);
      if (key === null) throw this.#unexpected('Expected STRING, got');
      if (!this.#take(':')) throw this.#unexpected("Expected ':', got");
      const value = this.value();
      if (value === NOTHING) return NOTHING;
      const name = this.#unescape(key);
      // The interpreter keeps both values of a name that comes twice, and reads find the first.
      if (!Object.hasOwn(record, name)) record[name] = value;
      if (this.#take('}')) break;
      if (!this.#take(',')) throw this.#unexpected("Expected ',', got");
    }
    return record;
  }

  #unescape(token: string): string {
    return token.slice(1, -1).replace(ESCAPE, (_all, unicode, hex, octal, other: string) => {
      if (unicode) return String.fromCharCode(parseInt(unicode as string, 16) & 0xff);
      if (hex) return String.fromCharCode(parseInt(hex as string, 16));
      if (octal) return String.fromCharCode(parseInt(octal as string, 8) & 0xff);
      if (other === 'u' || other === 'x') throw this.#unexpected('Invalid escape sequence before');
      return ESCAPED[other] ?? other;
    });
  }

  #take(character: string): boolean {
    this.#match(SPACE);
    if (this.text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(token: RegExp): string | null {
    token.lastIndex = this.#at;
    const found = token.exec(this.text);
    if (!found) return null;
    this.#at += found[0].length;
    return found[0];
  }

  #unexpected(what: string): Error {
    const next = this.text.substr(this.#at, 10);
    return new this.realm.SyntaxError(`${what} ${next === '' ? 'EOF' : next}`);
  }
}

function toNumber(token: string): number {
  const digits = token.replaceAll('_', '');
  if (/^0[xbo]/i.test(digits)) return Number(digits.length > 2 ? digits : 0);
  return parseFloat(digits);
}

/** Bytes from 0x7F up and control characters leave as \u00XX; characters above a byte are cut. */
function stringify(value: unknown): string {
  const text = JSON.stringify(value, listFromTypedArray);
  return text.replace(/\\\\|\\u[0-9a-f]{4}|[\x7f-\uffff]/g, (token) => {
    if (token === '\\\\') return token;
    const code = token.length > 1 ? parseInt(token.slice(2), 16) : token.charCodeAt(0);
    return '\\u' + (code & 0xff).toString(16).toUpperCase().padStart(4, '0');
  });
}

function listFromTypedArray(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value;
}
