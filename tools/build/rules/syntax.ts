/**
 * What one node of the syntax tree is enough to refuse. Each rule is a row: the kinds of node that
 * it looks at, and a function that says what was found, if anything.
 */
import type { AnyNode, CallExpression, ForInStatement, ForStatement, NewExpression } from 'acorn';
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

interface Row {
  readonly id: string;
  readonly types: readonly AnyNode['type'][];
  readonly instead: string;
  /** What was found, and where if not at the node's start. */
  test(node: AnyNode, subject: Subject): string | readonly [found: string, at: number] | undefined;
}

const ERRORS = ['Error', 'TypeError', 'SyntaxError', 'ReferenceError', 'InternalError'];

const rows: Row[] = [
  {
    id: 'regexp',
    types: ['Literal', 'CallExpression', 'NewExpression'],
    instead: '`indexOf`, `split` and `substr`: `{n,m}` never matches there, and no error says so',
    test: (node, subject) =>
      (node.type === 'Literal' && node.regex) ||
      (isCallable(node) && isGlobal(subject, node.callee, 'RegExp'))
        ? `the regular expression ${excerpt(subject, node)}`
        : undefined,
  },
  {
    id: 'label',
    types: ['LabeledStatement'],
    instead: 'a function that returns',
    test: (node) =>
      node.type === 'LabeledStatement' ? `the label \`${node.label.name}\`` : undefined,
  },
  {
    id: 'case-after-default',
    types: ['SwitchStatement'],
    instead: '`default` as the last one: the interpreter throws when it comes to such a `case`',
    test(node) {
      if (node.type !== 'SwitchStatement') return undefined;
      const usual = node.cases.findIndex((item) => !item.test);
      const late = usual < 0 ? undefined : node.cases[usual + 1];
      return late && ['a `case` after `default`', late.start];
    },
  },
  {
    id: 'function-in-for-header',
    types: ['ForStatement'],
    instead: 'it before the loop: at the beginning of a header it is taken for a statement',
    test(node, { source }) {
      if (node.type !== 'ForStatement' || !node.init) return undefined;
      return source.startsWith('function', node.init.start)
        ? ['a function expression at the beginning of a `for` header', node.init.start]
        : undefined;
    },
  },
  {
    id: 'length-assignment',
    types: ['AssignmentExpression', 'UpdateExpression'],
    instead: '`splice`, or a new array: the interpreter throws',
    test(node, subject) {
      const target =
        node.type === 'AssignmentExpression'
          ? node.left
          : node.type === 'UpdateExpression'
            ? node.argument
            : undefined;
      return target?.type === 'MemberExpression' && propertyName(target) === 'length'
        ? `an assignment to ${excerpt(subject, target)}`
        : undefined;
    },
  },
  {
    id: 'with',
    types: ['WithStatement'],
    instead: 'the name of the record before each field',
    test: () => 'a `with` statement',
  },
  {
    id: 'throw',
    types: ['ThrowStatement'],
    instead: 'a code that the function returns: nothing on the unit catches',
    test: (node, subject) => excerpt(subject, node),
  },
  {
    id: 'new-error',
    types: ['CallExpression', 'NewExpression'],
    instead: 'a code that the function returns: an Error takes about 40 variables',
    test: (node, subject) =>
      isCallable(node) && ERRORS.some((name) => isGlobal(subject, node.callee, name))
        ? excerpt(subject, node)
        : undefined,
  },
  {
    id: 'dynamic-code',
    types: ['CallExpression', 'NewExpression', 'Identifier'],
    instead: 'a function: text that is run takes memory, and no gate has seen it',
    test(node, subject) {
      if (subject.options.runsText) return undefined;
      if (node.type === 'Identifier') {
        return isFree(subject, node) && (node.name === 'eval' || node.name === 'Function')
          ? `\`${node.name}\``
          : undefined;
      }
      if (!isCallable(node) || !isGlobal(subject, node.callee, 'setTimeout')) return undefined;
      return isText(node.arguments[0]) ? excerpt(subject, node) : undefined;
    },
  },
  {
    id: 'byte-string',
    types: ['Literal'],
    instead: 'characters up to \\xFF: a string is bytes, and more is cut off without an error',
    test: (node, subject) =>
      node.type === 'Literal' && typeof node.value === 'string' && !isBytes(node.value)
        ? `the string ${excerpt(subject, node)}`
        : undefined,
  },
  {
    id: 'split-limit',
    types: ['CallExpression'],
    instead: '`split(x)` and a look at the length: the limit is ignored',
    test: (node, subject) => (extraArgument(node, 'split') ? excerpt(subject, node) : undefined),
  },
  {
    id: 'json-extra-argument',
    types: ['CallExpression'],
    instead: 'one argument, and a step of its own: revivers and replacers are ignored',
    test: (node, subject) =>
      node.type === 'CallExpression' &&
      node.callee.type === 'MemberExpression' &&
      isGlobal(subject, node.callee.object, 'JSON') &&
      (extraArgument(node, 'parse') || extraArgument(node, 'stringify'))
        ? excerpt(subject, node)
        : undefined,
  },
  {
    id: 'loop-capture',
    types: ['ForStatement', 'ForInStatement'],
    instead: 'a function with the value as its parameter: all closures share one variable',
    test: (node, subject) =>
      node.type === 'ForStatement' || node.type === 'ForInStatement'
        ? captured(node, subject)
        : undefined,
  },
];

function isCallable(node: AnyNode): node is CallExpression | NewExpression {
  return node.type === 'CallExpression' || node.type === 'NewExpression';
}

function isString(node: AnyNode | undefined): boolean {
  return node?.type === 'Literal' && typeof node.value === 'string';
}

/** A string, or one put together. */
function isText(node: AnyNode | undefined): boolean {
  if (node?.type !== 'BinaryExpression') return isString(node);
  return node.operator === '+' && (isText(node.left) || isText(node.right));
}

function isBytes(text: string): boolean {
  return [...text].every((character) => (character.codePointAt(0) ?? 0) <= 0xff);
}

/** True for a call of that method with more than one argument that says something. */
function extraArgument(node: AnyNode, method: string): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const second = node.arguments[1];
  const isNull = second?.type === 'Literal' && second.value === null;
  return propertyName(node.callee) === method && second !== undefined && !isNull;
}

/** A variable of the loop's header that the loop changes and a function made in it uses. */
function captured(
  loop: ForStatement | ForInStatement,
  subject: Subject,
): readonly [string, number] | undefined {
  const header = loop.type === 'ForStatement' ? loop.init : loop.left;
  if (header?.type !== 'VariableDeclaration') return undefined;
  const repeated = loop.type === 'ForStatement' ? [loop.update, loop.body] : [loop.left, loop.body];
  const changed = new Set<string>();
  const captures = new Map<string, number>();
  for (const part of repeated) {
    if (part) walk(part, (node) => noteChange(node, changed));
  }
  for (const scope of subject.names.scopes) {
    for (const { name, declarations, references } of scope.bindings.values()) {
      if (!changed.has(name)) continue;
      if (!header.declarations.some((item) => declarations.some((id) => id === item.id))) continue;
      const use = references.find(({ user }) => user !== scope && inside(user.node, repeated));
      if (use) captures.set(name, use.node.start);
    }
  }
  const [first] = captures;
  return first && [`the loop's \`${first[0]}\` in a function made in the loop`, first[1]];
}

function noteChange(node: AnyNode, changed: Set<string>): void {
  const target =
    node.type === 'AssignmentExpression'
      ? node.left
      : node.type === 'UpdateExpression'
        ? node.argument
        : node.type === 'VariableDeclarator'
          ? node.id
          : undefined;
  if (target?.type === 'Identifier') changed.add(target.name);
}

function inside(node: AnyNode, parts: readonly (AnyNode | null | undefined)[]): boolean {
  return parts.some((part) => part && node.start >= part.start && node.end <= part.end);
}

export const syntaxRules: Rule[] = rows.map(({ id, types, instead, test }) => ({
  id,
  check(subject) {
    const complaints: Complaint[] = [];
    walk(subject.program, (node) => {
      if (!types.includes(node.type)) return;
      const result = test(node, subject);
      if (result === undefined) return;
      const [found, at] = typeof result === 'string' ? [result, node.start] : result;
      complaints.push({ at, found, instead });
    });
    return complaints;
  },
}));
