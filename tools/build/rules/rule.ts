/**
 * The form of a gate rule: it looks at a parsed bundle and says what was found and what to write
 * instead. A rule judges what would run on the unit's interpreter, never matters of taste.
 */
import type { AnyNode, Identifier, MemberExpression, Program } from 'acorn';
import type { Names } from './names.js';

/** What the device has, and how much room there is. */
export interface GateOptions {
  /** Names that the device, or this project's code, may find outside the bundle. */
  readonly globals: ReadonlySet<string>;
  /** Names that `require` may be given. */
  readonly modules: ReadonlySet<string>;
  /** Given for the text that goes into the flash: the most bytes that it may have. */
  readonly flashBytes?: number;
  /** For the loader, which is there to run text. */
  readonly runsText?: boolean;
}

export interface Subject {
  readonly source: string;
  readonly program: Program;
  readonly names: Names;
  readonly options: GateOptions;
}

/** Something that a rule refuses; `at` is an offset into the source. */
export interface Complaint {
  readonly at: number;
  readonly found: string;
  readonly instead: string;
}

export interface Rule {
  readonly id: string;
  check(subject: Subject): Complaint[];
}

const EXCERPT = 48;

/** The source of a node on one line, cut to a length that fits a message. */
export function excerpt(subject: Subject, node: AnyNode): string {
  const text = subject.source.slice(node.start, node.end).replace(/\s+/g, ' ');
  return '`' + (text.length > EXCERPT ? text.slice(0, EXCERPT) + '…' : text) + '`';
}

/** True if `node` is the global called `name`, and not a name of the bundle's own. */
export function isGlobal(subject: Subject, node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name && isFree(subject, node);
}

export function isFree(subject: Subject, node: Identifier): boolean {
  return subject.names.free.has(node);
}

/** The property that a member expression names, or undefined if only the run can tell. */
export function propertyName(node: MemberExpression): string | undefined {
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined;
  const { property } = node;
  return property.type === 'Literal' && typeof property.value === 'string'
    ? property.value
    : undefined;
}
