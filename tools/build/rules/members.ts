/** Finds the names of the table in `absent.ts` in a bundle; one rule for each kind of name. */
import type { AnyNode, MemberExpression } from 'acorn';
import { absentNames, type Absent } from './absent.js';
import { walk } from './names.js';
import {
  excerpt,
  isFree,
  isGlobal,
  propertyName,
  type Complaint,
  type Rule,
  type Subject,
} from './rule.js';

function ruleOf(entry: Absent): string {
  if (entry.rule) return entry.rule;
  if (entry.name.endsWith('()')) return 'absent-method';
  return entry.name.includes('.') ? 'absent-static' : 'absent-global';
}

/** Applied to a callee: which method, and whether only array literals are meant. */
const methods = new Map<string, Absent>();
const statics = new Map<string, Absent>();
const globals = new Map<string, Absent>();
for (const entry of absentNames) {
  if (entry.name.endsWith('()')) methods.set(entry.name.slice(0, -2), entry);
  else if (entry.name.includes('.')) statics.set(entry.name, entry);
  else globals.set(entry.name, entry);
}

export const absentRules: Rule[] = [...new Set(absentNames.map(ruleOf))].map((id) => ({
  id,
  check(subject) {
    const complaints: Complaint[] = [];
    walk(subject.program, (node) => {
      const entry = entryFor(subject, node);
      if (!entry || ruleOf(entry) !== id) return;
      complaints.push({
        at: node.start,
        found: `${excerpt(subject, node)}, which on the device ${entry.why ?? 'is absent'}`,
        instead: entry.instead,
      });
    });
    return complaints;
  },
}));

/** Names of the table that stand for a missing global: other rules leave these alone. */
export function isAbsentGlobal(name: string): boolean {
  return globals.has(name);
}

function entryFor(subject: Subject, node: AnyNode): Absent | undefined {
  switch (node.type) {
    case 'Identifier':
      return isFree(subject, node) ? globals.get(node.name) : undefined;
    case 'MemberExpression':
      return staticEntry(subject, node);
    case 'CallExpression':
      return node.callee.type === 'MemberExpression'
        ? methodEntry(subject, node.callee)
        : undefined;
    default:
      return undefined;
  }
}

/** `Array.from`, and `Array.prototype.slice` through its last member. */
function staticEntry(subject: Subject, node: MemberExpression): Absent | undefined {
  const name = propertyName(node);
  const { object } = node;
  if (object.type === 'Identifier') {
    return isFree(subject, object) ? statics.get(`${object.name}.${name}`) : undefined;
  }
  if (object.type !== 'MemberExpression' || propertyName(object) !== 'prototype') return undefined;
  const owner: AnyNode = object.object;
  if (owner.type !== 'Identifier' || !isFree(subject, owner)) return undefined;
  return statics.get(`${owner.name}.prototype.*`);
}

/** `x.flat()`, and `x.flat.call(…)`. */
function methodEntry(subject: Subject, callee: MemberExpression): Absent | undefined {
  const name = propertyName(callee);
  const { object } = callee;
  if (
    (name === 'call' || name === 'apply' || name === 'bind') &&
    object.type === 'MemberExpression'
  ) {
    const entry = methodEntry(subject, object);
    if (entry) return entry;
  }
  const entry =
    (object.type === 'ArrayExpression' ? methods.get(`[].${name}`) : undefined) ??
    methods.get(`.${name}`);
  return entry?.except && isGlobal(subject, object, entry.except) ? undefined : entry;
}
