/**
 * Writes the TypeScript of one message's type, encoder and decoder from its table.
 *
 * Decoders are straight-line code at constant offsets, because between a dispatch and its alarm
 * an interpreted walk over a table would cost the unit several times as much. Encoders are such a
 * walk, over a string with a letter a field: nothing waits for them, and they take less room.
 */
import {
  greatestOf,
  isString,
  leastOf,
  type Field,
  type Kind,
  type MessageTable,
} from '../../protocol/table.js';
import * as limits from '../../protocol/limits.js';

/** Bytes of a fixed-width kind, head included. */
const WIDTH: Record<Exclude<Kind, 'text' | 'bytes'>, number> = {
  u8: 2,
  u16: 3,
  u32: 5,
  i32: 5,
  time: 9,
};
const GREATEST = { u8: 0xff, u16: 0xffff, u32: 0xffffffff, i32: 0x7fffffff };
const UNKNOWN = {
  u8: 'UNKNOWN_U8',
  u16: 'UNKNOWN_U16',
  u32: 'UNKNOWN_U32',
  i32: 'UNKNOWN_I32',
} as const;
/** One-byte-length heads of the two string kinds. */
const MAJOR = { text: '0x78', bytes: '0x58' };

interface Placed {
  readonly field: Field;
  readonly at: number;
}

function pascal(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** Field offsets: after the two bytes of the array's head and the type, if there is one. */
export function layout(table: MessageTable): {
  fixed: readonly Placed[];
  strings: readonly Field[];
  fixedBytes: number;
  elements: number;
} {
  let at = table.type === undefined ? 2 : 4;
  const fixed: Placed[] = [];
  const strings = table.fields.filter(isString);
  for (const field of table.fields) {
    if (isString(field)) continue;
    if (table.fields.indexOf(field) > fixed.length) {
      throw new Error(`${table.name}.${field.name}: fixed-width fields come before strings`);
    }
    fixed.push({ field, at });
    at += WIDTH[field.kind as keyof typeof WIDTH];
  }
  const elements = table.fields.length + (table.type === undefined ? 0 : 1);
  return { fixed, strings, fixedBytes: at, elements };
}

/** The longest encoding of the message, in bytes. */
export function longest(table: MessageTable): number {
  const { strings, fixedBytes } = layout(table);
  return strings.reduce((sum, field) => sum + 2 + greatestOf(field), fixedBytes);
}

function typeSource(table: MessageTable): string {
  const members = table.fields.map((field) => {
    const type = isString(field) ? 'string' : 'number';
    return `  /** ${field.about} */\n  ${field.name}: ${type}${field.nullable ? ' | null' : ''};`;
  });
  return `/** ${table.about} */\nexport interface ${pascal(table.name)} {\n${members.join('\n')}\n}\n`;
}

/** The test of a limit that is tighter than what the kind itself holds, or '' if there is none. */
function limitTest(field: Field): string {
  const value = `m.${field.name}`;
  if (isString(field)) return `within(${value}.length, ${leastOf(field)}, ${greatestOf(field)})`;
  // What the kind itself holds, `encodeItems` sees to.
  const { name, kind, nullable, about } = field;
  const untold: Field = { name, kind, about, ...(nullable ? { nullable } : {}) };
  if (leastOf(field) === leastOf(untold) && greatestOf(field) === greatestOf(untold)) return '';
  const test = `within(${value}, ${leastOf(field)}, ${greatestOf(field)})`;
  return field.nullable ? `(${value} === null || ${test})` : test;
}

/** One letter a field, as `encodeItems` reads them: capital where the field may be unknown. */
function letter({ kind, nullable }: Field): string {
  const small = { u8: 'b', u16: 'w', u32: 'd', i32: 'i', time: 't', text: 's', bytes: 'x' }[kind];
  return nullable ? small.toUpperCase() : small;
}

function encodeSource(table: MessageTable): string {
  const { strings, fixedBytes } = layout(table);
  const checks = table.fields.map(limitTest).filter((test) => test !== '');
  const texts = strings.filter((field) => field.kind === 'text').map((field) => `m.${field.name}`);
  if (texts.length > 0) checks.push(`bytes.isPlainText(${texts.join(' + ')})`);
  const values = table.fields.map((field) => `m.${field.name}`);
  const letters = table.fields.map(letter);
  if (table.type !== undefined) {
    values.unshift(String(table.type));
    letters.unshift('b');
  }
  const encode = `encodeItems(bytes, '${letters.join('')}', ${fixedBytes}, [${values.join(', ')}])`;
  return `/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encode${pascal(table.name)}(m: ${pascal(table.name)}, bytes: Bytes): string {
  return ${checks.length > 0 ? `${checks.join(' && ')} ? ${encode} : ''` : encode};
}
`;
}

function headTest({ field, at }: Placed): string {
  if (field.kind === 'i32') return `(octets[${at}] !== 0x1a && octets[${at}] !== 0x3a)`;
  const head = { u8: '0x18', u16: '0x19', u32: '0x1a', time: '0x1b' };
  return `octets[${at}] !== ${head[field.kind as keyof typeof head]}`;
}

/** Reads a field; `bad` is the test that its value is outside its limits, '' if none can be. */
function readSource({ field, at }: Placed): { read: string; bad: string } {
  const name = field.name;
  if (field.kind === 'time') {
    const high = `${name}High`;
    const value = `${high} * WORD + view.getUint32(${at + 5})`;
    const unknown = `${high} === UNKNOWN_TIME_HIGH && view.getUint32(${at + 5}) === UNKNOWN_TIME_LOW`;
    const tooLate = `${high} > MAX_TIME_HIGH_WORD`;
    return {
      read:
        `  const ${high} = view.getUint32(${at + 1});\n` +
        `  const ${name} = ${field.nullable ? `${unknown} ? null : ` : ''}${value};`,
      bad: field.nullable ? `(${name} !== null && ${tooLate})` : tooLate,
    };
  }
  const read = {
    u8: `octets[${at + 1}] as number`,
    u16: `view.getUint16(${at + 1})`,
    u32: `view.getUint32(${at + 1})`,
    i32: `octets[${at}] === 0x3a ? -1 - view.getUint32(${at + 1}) : view.getUint32(${at + 1})`,
  }[field.kind as 'u8'];
  const bounds: string[] = [];
  const floor = field.kind === 'i32' ? -Infinity : 0;
  if (leastOf(field) > floor) bounds.push(`${name} < ${leastOf(field)}`);
  const ceiling = GREATEST[field.kind as keyof typeof GREATEST] - (field.nullable ? 1 : 0);
  if (field.kind === 'i32' || greatestOf(field) < ceiling) {
    bounds.push(`${name} > ${greatestOf(field)}`);
  }
  // The unknown value is the only one beyond the bounds of a nullable field that is let in.
  const unknown = UNKNOWN[field.kind as keyof typeof UNKNOWN];
  const either = bounds.join(' || ');
  const bad = field.nullable && either ? `(${name} !== ${unknown} && (${either}))` : either;
  return { read: `  const ${name} = ${read};`, bad };
}

/** The test that an array begins otherwise than one that has no elements of a newer version. */
function otherHeadTest(elements: number, type: number | undefined): string {
  const head = 0x9800 + elements;
  return type === undefined
    ? `view.getUint16(0) !== 0x${head.toString(16)}`
    : `view.getUint32(0) !== 0x${(head * 0x10000 + 0x1800 + type).toString(16)}`;
}

/**
 * What is seldom stands in functions of their own, and the common case is told by as few comparisons
 * as can be: the interpreter takes its time with each, and reads through what it does not run.
 */
function decodeSource(table: MessageTable): string {
  const { fixed, strings, fixedBytes, elements } = layout(table);
  const reads = fixed.map(readSource);
  const bad = [...fixed.map(headTest), ...reads.map((read) => read.bad)].filter((test) => test);
  // Where each string ends; beyond the input, where it is cut off: nothing is read from there.
  const starts = strings.map((_, index) => (index === 0 ? `${fixedBytes}` : `end${index - 1}`));
  const ends = strings.map((_, index) => `end${index}`);
  const at = ends.at(-1) ?? String(fixedBytes);
  const after = (start: string, more: number): string =>
    start === String(fixedBytes) ? String(fixedBytes + more) : `${start} + ${more}`;
  const lines = strings.map((_, index) => {
    const [start, end] = [starts[index] as string, ends[index] as string];
    const from = after(start, 2);
    const length = `octets[${after(start, 1)}]`;
    return `  const ${end} = ${from} <= size ? ${from} + (${length} as number) : size + 1;`;
  });
  if (strings.length > 0) bad.push(`${at} > size`);
  strings.forEach((field, index) => {
    const [start, end] = [starts[index] as string, ends[index] as string];
    bad.push(`octets[${start}] !== ${MAJOR[field.kind as 'text']}`);
    const least = leastOf(field);
    if (least > 0) bad.push(`${end} < ${after(start, 2 + least)}`);
    bad.push(`${end} > ${after(start, 2 + greatestOf(field))}`);
  });
  const contents = strings.map((field, index) => {
    const from = after(starts[index] as string, 2);
    const length = `${ends[index]} - ${index === 0 ? from : `${starts[index]} - 2`}`;
    return `  const ${field.name} = input.bytes.substr(${from}, ${length});`;
  });
  const texts = strings.filter((field) => field.kind === 'text').map((field) => field.name);
  if (texts.length > 0) {
    contents.push(`  if (!bytes.isPlainText(${texts.join(' + ')})) return Refusal.badText;`);
  }
  const results = table.fields.map((field) => {
    if (!field.nullable || field.kind === 'time') return `    ${field.name}: ${field.name},`;
    const unknown = UNKNOWN[field.kind as keyof typeof UNKNOWN];
    return `    ${field.name}: ${field.name} === ${unknown} ? null : ${field.name},`;
  });
  const bytesParameter = texts.length > 0 ? ', bytes: Bytes' : '';
  return `/**
 * The message, or the refusal code that says what is wrong with it.
 * @${table.name === 'dispatch' ? 'resident' : 'rare'}
 */
export function decode${pascal(table.name)}(input: Octets${bytesParameter}): ${pascal(table.name)} | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < ${fixedBytes} || ${otherHeadTest(elements, table.type)}) {
    const wrongHead = headRefusal(octets, ${fixedBytes}, ${elements}, ${table.type ?? 'NO_TYPE'});
    if (wrongHead !== Refusal.none) return wrongHead;
  }
${[...reads.map(({ read }) => read), ...lines].join('\n')}
  if (
    ${bad.join(' ||\n    ')}
  ) {
    return Refusal.badField;
  }
${contents.join('\n')}
  if (octets[1] !== ${elements} || size !== ${at}) {
    const wrongRest = restRefusal(octets, ${elements}, ${at});
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
${results.join('\n')}
  };
}
`;
}

/** A function that gives the defaults of a table that has some, or ''. What has none is 0. */
function defaultsSource(table: MessageTable): string {
  if (table.fields.every((field) => field.default === undefined)) return '';
  const values = table.fields.map(({ name, default: value }) => {
    return `    ${name}: ${value === undefined ? 0 : JSON.stringify(value)},`;
  });
  return `
/**
 * The defaults of the table.
 * @rare
 */
export function default${pascal(table.name)}(): ${pascal(table.name)} {
  return {
${values.join('\n')}
  };
}
`;
}

/** The whole generated module of one table. */
export function codecSource(table: MessageTable): string {
  const codec = [typeSource(table), encodeSource(table), decodeSource(table)].join('\n');
  const body = codec + defaultsSource(table);
  const used = (names: readonly string[]): string[] =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(body)).sort();
  const wire = used([
    ...['within', 'encodeItems', 'headRefusal', 'restRefusal', 'NO_TYPE'],
    ...['WORD', 'UNKNOWN_TIME_HIGH', 'UNKNOWN_TIME_LOW'],
    ...['UNKNOWN_U8', 'UNKNOWN_U16', 'UNKNOWN_U32', 'UNKNOWN_I32'],
  ]);
  const fromLimits = used(Object.keys(limits).filter((name) => name.startsWith('MAX_TIME')));
  const typeLine =
    table.type === undefined
      ? ''
      : `/** First element of a \`${table.name}\`. */
export const ${table.name.replace(/-/g, '_').toUpperCase()}_TYPE = ${table.type};\n\n`;
  return `// Generated from the message's table by \`npm run generate\`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
${fromLimits.length ? `import { ${fromLimits.join(', ')} } from '../limits.js';\n` : ''}import { ${wire.join(', ')} } from '../wire.js';

${typeLine}${body}`;
}
