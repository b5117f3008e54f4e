/**
 * Rule `use-before-definition`: the interpreter does not hoist.
 *
 * A `var` exists only once its statement has run: reading it earlier is a ReferenceError, writing
 * it earlier makes a global that hides the mistake. A `function` statement likewise. For each
 * function the rule follows the statements as they run (`flow.ts`) and refuses
 *
 * - a use where the name does not exist on every path: textually early, or declared in a branch
 *   or loop body that may not have run;
 * - a call or a returned value from which code can be reached that uses a name not yet there. A
 *   function handed to a call is taken to be called. Within functions this counts only for
 *   `function` statements: a `var` that a later callback fills in is as undefined in Node, where
 *   tests see it; but what runs once at start-up must be in order altogether;
 * - a closure over a name that only another branch declares, and a declaration that no path
 *   reaches.
 */
import type { AnyNode, CallExpression, Identifier, NewExpression, Program } from 'acorn';
import { walkStatements, type Visitor } from './flow.js';
import { isFunction, walkOwn, type Binding, type FunctionNode, type Scope } from './names.js';
import { blocksOf, createReach, usesIn, type Block, type Reach } from './reach.js';
import type { Complaint, Rule, Subject } from './rule.js';

export const useBeforeDefinition: Rule = {
  id: 'use-before-definition',
  check(subject) {
    const blocks = blocksOf(subject.program);
    const complaints: Complaint[] = [];
    for (const scope of subject.names.scopes) {
      complaints.push(...checkScope({ subject, scope, blocks }));
    }
    return complaints.sort((a, b) => a.at - b.at);
  },
};

interface Place {
  readonly subject: Subject;
  readonly scope: Scope;
  readonly blocks: Block[];
}

function checkScope(place: Place): Complaint[] {
  const { scope } = place;
  const given = [...scope.bindings.values()].filter((binding) => binding.kind === 'given');
  if (given.length === scope.bindings.size) return [];
  const search: Search = {
    place,
    reach: createReach(scope),
    isStartUp: scope.parent === null || scope.parent.parent === null,
    complaints: new Map(),
    made: new Set(),
    skipped: new Map(),
  };
  walkStatements(
    bodyOf(scope),
    given.map((binding) => binding.name),
    visitor(search),
  );
  for (const [name, id] of search.skipped) {
    const binding = scope.bindings.get(name);
    if (!binding || search.made.has(name) || binding.references.length === 0) continue;
    const found = `\`${name}\` is declared where no path leads, so that it never exists`;
    search.complaints.delete(binding);
    complain(search, binding, id.start, found, 'its statement above the `return`');
  }
  return [...search.complaints.values()];
}

function bodyOf(scope: Scope): readonly AnyNode[] {
  const node = scope.node as Program | FunctionNode;
  if (node.type === 'Program') return node.body;
  return node.body.type === 'BlockStatement' ? node.body.body : [];
}

interface Search {
  readonly place: Place;
  readonly reach: Reach;
  /** The program or a function that it calls: what runs once, at start-up. */
  readonly isStartUp: boolean;
  /** One complaint a name is enough. */
  readonly complaints: Map<Binding, Complaint>;
  /** Names that some declaration makes, and those that one which never runs would make. */
  readonly made: Set<string>;
  readonly skipped: Map<string, Identifier>;
}

function visitor(search: Search): Visitor {
  const { scope } = search.place;
  return {
    evaluate(expression, existing) {
      for (const use of usesIn(scope, expression)) {
        if (use.user !== scope || existing.has(use.binding.name)) continue;
        complain(search, use.binding, use.node.start, ...early(use.binding, use.node));
      }
      walkOwn(expression, (node) => {
        if (isFunction(node)) checkClosure(search, node, existing);
        if (node.type === 'CallExpression' || node.type === 'NewExpression') {
          checkCall(search, node, existing);
        }
      });
    },
    close(declaration, existing) {
      checkClosure(search, declaration, existing);
    },
    leave(value, existing) {
      checkReach(search, value, existing, () => true);
    },
    declare(id, runs) {
      if (runs) search.made.add(id.name);
      else search.skipped.set(id.name, id);
    },
  };
}

/** A closure may use what comes later, but not what only another branch declares. */
function checkClosure(search: Search, closure: FunctionNode, existing: ReadonlySet<string>): void {
  const { scope, blocks } = search.place;
  for (const { binding, node } of usesIn(scope, closure)) {
    if (existing.has(binding.name)) continue;
    const isShared = binding.declarations.some((id) => {
      const block = blocks.findLast((item) => item.start <= id.start && id.end <= item.end);
      return !block || (block.start <= node.start && node.end <= block.end);
    });
    if (!isShared) complain(search, binding, node.start, ...early(binding, node));
  }
}

function checkCall(
  search: Search,
  call: CallExpression | NewExpression,
  existing: ReadonlySet<string>,
): void {
  // What stands in a function that is called on the spot is used now, as if it stood outside.
  const onTheSpot = isFunction(call.callee) ? call.callee : undefined;
  checkReach(
    search,
    call,
    existing,
    (binding, user) => search.isStartUp || binding.kind === 'function' || user.node === onTheSpot,
  );
}

function checkReach(
  search: Search,
  from: AnyNode,
  existing: ReadonlySet<string>,
  counts: (binding: Binding, user: Scope) => boolean,
): void {
  for (const hit of search.reach.from(from, existing)) {
    if (!counts(hit.binding, hit.user)) continue;
    const via = hit.path.length > 0 ? ` through ${hit.path.join(' → ')}` : '';
    const verb = from.type === 'CallExpression' || from.type === 'NewExpression' ? 'call' : 'value';
    const { name, kind } = hit.binding;
    const found = `this ${verb} reaches \`${name}\`${via}, before its ${kind} statement has run`;
    complain(search, hit.binding, hit.at, found, `the statement of \`${name}\` above this one`);
  }
}

function early(binding: Binding, node: Identifier): [string, string] {
  const { name, kind } = binding;
  const id = binding.declarations[0] as Identifier;
  return id.start < node.start
    ? [
        `\`${name}\` exists only if its ${kind} statement in a branch or loop has run`,
        `a declaration of \`${name}\` before the branch`,
      ]
    : [
        `\`${name}\` is used before its ${kind} statement has run`,
        `the statement of \`${name}\` above this one`,
      ];
}

function complain(
  search: Search,
  binding: Binding,
  at: number,
  found: string,
  instead: string,
): void {
  if (search.complaints.has(binding)) return;
  search.complaints.set(binding, { at, found, instead: `${instead}: nothing is hoisted` });
}
