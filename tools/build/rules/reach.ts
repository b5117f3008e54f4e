/**
 * What running a piece of code can come to use: the uses in its text, functions below it
 * included, and those in whatever the names so found were made of.
 */
import type { AnyNode, Program } from 'acorn';
import { walk, type Binding, type Reference, type Scope } from './names.js';

/** A use of a name that does not exist yet. */
export interface Hit {
  readonly binding: Binding;
  /** Where the code that was looked at names the first of the path. */
  readonly at: number;
  /** The names that lead there; empty if the code itself has the use. */
  readonly path: string[];
  /** The function that has the use. */
  readonly user: Scope;
}

export interface Reach {
  from(code: AnyNode, existing: ReadonlySet<string>): Hit[];
}

/** Part of the source that belongs to a name: its initialiser, its body, a value given to it. */
interface Source {
  readonly node: AnyNode;
  /** Not there yet before this offset; what a loop assigns is there from the loop's start. */
  readonly since: number;
}

export interface Block {
  readonly start: number;
  readonly end: number;
}

const LOOPS = ['ForStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement'];

/** The uses of names of `scope` in the text of `node`. */
export function usesIn(scope: Scope, node: AnyNode): Reference[] {
  const uses: Reference[] = [];
  for (const binding of scope.bindings.values()) {
    if (binding.kind === 'given') continue;
    for (const use of binding.references) {
      if (use.node.start >= node.start && use.node.end <= node.end) uses.push(use);
    }
  }
  return uses.sort((a, b) => a.node.start - b.node.start);
}

/** The parts of the program that may run or not run on their own, outer before inner. */
export function blocksOf(program: Program): Block[] {
  const blocks: Block[] = [];
  const add = (node: AnyNode | null | undefined): void => {
    if (node) blocks.push({ start: node.start, end: node.end });
  };
  walk(program, (node) => {
    switch (node.type) {
      case 'IfStatement':
        add(node.consequent);
        add(node.alternate);
        break;
      case 'ForStatement':
      case 'ForInStatement':
      case 'WhileStatement':
        add(node.body);
        break;
      case 'SwitchCase':
      case 'TryStatement':
      case 'CatchClause':
        add(node);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        add(node.body);
    }
  });
  return blocks;
}

export function createReach(scope: Scope): Reach {
  const sources = sourcesOf(scope);
  const cache = new Map<AnyNode, Reference[]>();
  const uses = (node: AnyNode): Reference[] => {
    const known = cache.get(node) ?? usesIn(scope, node);
    cache.set(node, known);
    return known;
  };
  return {
    from(code, existing) {
      const hits: Hit[] = [];
      const seen = new Set<Binding>();
      const queue: { use: Reference; at: number; path: string[] }[] = uses(code).map((use) => ({
        use,
        at: use.node.start,
        path: [],
      }));
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { binding, user } = next.use;
        // What `scope` itself uses was judged when it ran; what is inside a function may run now.
        if (!existing.has(binding.name) && user !== scope) {
          hits.push({ binding, at: next.at, path: next.path, user });
        }
        if (seen.has(binding)) continue;
        seen.add(binding);
        for (const source of sources.get(binding) ?? []) {
          if (source.since > code.start) continue;
          for (const use of uses(source.node)) {
            queue.push({ use, at: next.at, path: [...next.path, binding.name] });
          }
        }
      }
      return hits;
    },
  };
}

/** What each name of `scope` is made of. */
function sourcesOf(scope: Scope): Map<Binding, Source[]> {
  const sources = new Map<Binding, Source[]>();
  const add = (name: string, node: AnyNode, since: number): void => {
    const binding = scope.bindings.get(name);
    if (!binding || binding.kind === 'given') return;
    const list = sources.get(binding) ?? [];
    list.push({ node, since });
    sources.set(binding, list);
  };
  const declared = new Set<AnyNode>();
  for (const binding of scope.bindings.values()) {
    for (const id of binding.declarations) declared.add(id);
  }
  const loops: AnyNode[] = [];
  const startOf = (node: AnyNode): number =>
    loops.find((loop) => loop.end >= node.end)?.start ?? node.start;
  const uses = new Map<AnyNode, Reference>();
  for (const use of usesIn(scope, scope.node)) uses.set(use.node, use);
  walk(scope.node, (node) => {
    if (LOOPS.includes(node.type)) loops.push(node);
    if (node.type === 'VariableDeclarator' && declared.has(node.id) && node.init) {
      if (node.id.type === 'Identifier') add(node.id.name, node.init, startOf(node));
    } else if (node.type === 'FunctionDeclaration' && node.id && declared.has(node.id)) {
      add(node.id.name, node.body, 0);
    } else if (node.type === 'AssignmentExpression') {
      const root = rootOf(node.left);
      const use = uses.get(root);
      // Nobody knows when an inner function assigns: take it as done.
      if (use) add(use.binding.name, node.right, use.user === scope ? startOf(node) : 0);
    }
  });
  return sources;
}

/** `a` of `a.b.c`: the name through which an assigned value can be reached. */
function rootOf(node: AnyNode): AnyNode {
  return node.type === 'MemberExpression' ? rootOf(node.object) : node;
}
