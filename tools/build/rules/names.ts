/**
 * Who declares which name, and who uses it: the scopes of an ES5 program.
 *
 * Scopes are those of the language (`var` belongs to its function), because that is what tsc and
 * terser meant; `order.ts` then finds where the interpreter, which does not hoist, would differ.
 */
import type {
  AnyNode,
  CatchClause,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  Program,
} from 'acorn';

export type FunctionNode = FunctionDeclaration | FunctionExpression;

/** `var` and `function` exist once their statement has run; the others from the start. */
export type BindingKind = 'var' | 'function' | 'given';

export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  kind: BindingKind;
  /** The names in the declarations, in order of the source. */
  readonly declarations: Identifier[];
  readonly references: Reference[];
}

export interface Scope {
  readonly node: Program | FunctionNode | CatchClause;
  readonly parent: Scope | null;
  readonly bindings: Map<string, Binding>;
}

export interface Reference {
  readonly node: Identifier;
  readonly binding: Binding;
  /** The function (or program) that uses the name. */
  readonly user: Scope;
}

export interface Names {
  /** The program's scope and those of all functions, outermost first. */
  readonly scopes: Scope[];
  /** Uses of names that nothing in the program declares. */
  readonly free: Set<Identifier>;
}

/** The nodes directly below `node`, in order of the source. */
export function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[]) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(item)) children.push(item);
    }
  }
  return children.sort((a, b) => a.start - b.start);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

export function isFunction(node: AnyNode): node is FunctionNode {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression';
}

/** Calls `visit` with `node` and all nodes below it, parents first. */
export function walk(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

/** As `walk`, but does not enter functions below `node`; `visit` is called with them. */
export function walkOwn(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node);
  if (isFunction(node)) return;
  for (const child of childrenOf(node)) walkOwn(child, visit);
}

export function resolveNames(program: Program): Names {
  const scopeOf = new Map<AnyNode, Scope>();
  const top: Scope = { node: program, parent: null, bindings: new Map() };
  const scopes = [top];
  for (const child of childrenOf(program)) declareIn(child, top, scopes, scopeOf);
  const free = new Set<Identifier>();
  for (const child of childrenOf(program)) resolveIn(child, program, top, scopeOf, free);
  return { scopes, free };
}

/** First pass: declarations, so that the second finds those that come later in the text. */
function declareIn(
  node: AnyNode,
  scope: Scope,
  scopes: Scope[],
  scopeOf: Map<AnyNode, Scope>,
): void {
  let inner = scope;
  if (isFunction(node)) {
    if (node.type === 'FunctionDeclaration') declare(functionScope(scope), node.id, 'function');
    inner = { node, parent: scope, bindings: new Map() };
    scopes.push(inner);
    scopeOf.set(node, inner);
    for (const parameter of node.params) {
      if (parameter.type === 'Identifier') declare(inner, parameter, 'given');
    }
  } else if (node.type === 'CatchClause') {
    inner = { node, parent: scope, bindings: new Map() };
    scopeOf.set(node, inner);
    if (node.param?.type === 'Identifier') declare(inner, node.param, 'given');
  } else if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
    declare(functionScope(scope), node.id, 'var');
  }
  for (const child of childrenOf(node)) declareIn(child, inner, scopes, scopeOf);
  if (node.type === 'FunctionExpression' && node.id && !inner.bindings.has(node.id.name)) {
    declare(inner, node.id, 'given');
  }
}

function functionScope(scope: Scope): Scope {
  return scope.node.type === 'CatchClause' && scope.parent ? functionScope(scope.parent) : scope;
}

function declare(scope: Scope, id: Identifier, kind: BindingKind): void {
  const known = scope.bindings.get(id.name);
  if (!known) {
    const binding = { name: id.name, scope, kind, declarations: [id], references: [] };
    scope.bindings.set(id.name, binding);
    return;
  }
  known.declarations.push(id);
  if (known.kind === 'var') known.kind = kind;
}

/** Second pass: which declaration each use means. */
function resolveIn(
  node: AnyNode,
  parent: AnyNode,
  scope: Scope,
  scopeOf: Map<AnyNode, Scope>,
  free: Set<Identifier>,
): void {
  if (node.type === 'Identifier') {
    if (isUse(node, parent)) use(node, scope, free);
    return;
  }
  const inner = scopeOf.get(node) ?? scope;
  for (const child of childrenOf(node)) resolveIn(child, node, inner, scopeOf, free);
}

function use(node: Identifier, scope: Scope, free: Set<Identifier>): void {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const binding = at.bindings.get(node.name);
    if (binding) {
      binding.references.push({ node, binding, user: functionScope(scope) });
      return;
    }
  }
  free.add(node);
}

/** False for declarations, property names and labels. */
function isUse(node: Identifier, parent: AnyNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.computed || parent.property !== node;
    case 'Property':
      return parent.value === node;
    case 'VariableDeclarator':
      return parent.init === node;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'CatchClause':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false;
    default:
      return true;
  }
}
