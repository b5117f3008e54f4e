/**
 * Walks the statements of one function in the order in which they run, and tells the visitor at
 * each point which of the function's names certainly exist there.
 *
 * On the interpreter a name exists once its `var` or `function` statement has run. What only some
 * paths declare does not count; what no path reaches is not shown to the visitor.
 */
import type {
  AnyNode,
  Expression,
  ForStatement,
  FunctionDeclaration,
  Identifier,
  Statement,
  SwitchStatement,
  TryStatement,
  VariableDeclaration,
} from 'acorn';

export interface Visitor {
  /** `expression` is evaluated now. */
  evaluate(expression: AnyNode, existing: ReadonlySet<string>): void;
  /** A function statement runs: the closure is made now. */
  close(declaration: FunctionDeclaration, existing: ReadonlySet<string>): void;
  /** The function ends here with this value, which outlives it. */
  leave(value: AnyNode, existing: ReadonlySet<string>): void;
  /** A declaration, and whether any path leads there. */
  declare(id: Identifier, runs: boolean): void;
}

/** The names that exist, or null where no path leads. */
type State = Set<string> | null;

/** What a `break` or `continue` jumps out of, with the states at the jumps. */
interface Frame {
  readonly isLoop: boolean;
  readonly breaks: State[];
  readonly continues: State[];
}

interface Walk {
  readonly visitor: Visitor;
  readonly frames: Frame[];
  state: State;
}

export function walkStatements(
  body: readonly AnyNode[],
  given: Iterable<string>,
  visitor: Visitor,
): void {
  runAll({ visitor, frames: [], state: new Set(given) }, body);
}

function copy(state: State): State {
  return state === null ? null : new Set(state);
}

/** What exists whichever of the paths was taken. */
function meet(...states: State[]): State {
  const live = states.filter((state) => state !== null);
  const [first, ...others] = live;
  if (!first) return null;
  return new Set([...first].filter((name) => others.every((other) => other.has(name))));
}

function runAll(walk: Walk, statements: readonly AnyNode[]): void {
  for (const statement of statements) run(walk, statement as Statement);
}

function evaluate(walk: Walk, expression: AnyNode | null | undefined): void {
  if (expression && walk.state) walk.visitor.evaluate(expression, walk.state);
}

function define(walk: Walk, id: Identifier): void {
  walk.visitor.declare(id, walk.state !== null);
  walk.state?.add(id.name);
}

/** Runs `body` on a copy of the state, and gives the state at its end. */
function branch(walk: Walk, body: () => void): State {
  const before = walk.state;
  walk.state = copy(before);
  body();
  const after = walk.state;
  walk.state = before;
  return after;
}

function run(walk: Walk, node: Statement): void {
  switch (node.type) {
    case 'VariableDeclaration':
      return declare(walk, node);
    case 'FunctionDeclaration':
      define(walk, node.id);
      if (walk.state) walk.visitor.close(node, walk.state);
      return;
    case 'ExpressionStatement':
      return evaluate(walk, node.expression);
    case 'BlockStatement':
      return runAll(walk, node.body);
    case 'IfStatement': {
      evaluate(walk, node.test);
      const yes = branch(walk, () => run(walk, node.consequent));
      const no = branch(walk, () => node.alternate && run(walk, node.alternate));
      walk.state = meet(yes, no);
      return;
    }
    case 'ForStatement':
      return loop(walk, node);
    case 'WhileStatement':
      evaluate(walk, node.test);
      return repeat(walk, isTrue(node.test), node.body, null);
    case 'DoWhileStatement':
      return doWhile(walk, node.test, node.body);
    case 'ForInStatement':
      evaluate(walk, node.right);
      if (node.left.type === 'VariableDeclaration') declare(walk, node.left);
      else evaluate(walk, node.left);
      return repeat(walk, false, node.body, null);
    case 'SwitchStatement':
      return choose(walk, node);
    case 'TryStatement':
      return attempt(walk, node);
    case 'ReturnStatement':
      evaluate(walk, node.argument);
      if (walk.state && node.argument) walk.visitor.leave(node.argument, walk.state);
      walk.state = null;
      return;
    case 'ThrowStatement':
      evaluate(walk, node.argument);
      walk.state = null;
      return;
    case 'BreakStatement':
      walk.frames.at(-1)?.breaks.push(walk.state);
      walk.state = null;
      return;
    case 'ContinueStatement':
      walk.frames.findLast((frame) => frame.isLoop)?.continues.push(walk.state);
      walk.state = null;
      return;
    case 'LabeledStatement':
      return run(walk, node.body);
    case 'WithStatement':
      evaluate(walk, node.object);
      return run(walk, node.body);
    default:
      return;
  }
}

/** A name exists as soon as its declarator begins: its own initialiser may name it. */
function declare(walk: Walk, node: VariableDeclaration): void {
  for (const { id, init } of node.declarations) {
    if (id.type === 'Identifier') define(walk, id);
    evaluate(walk, init);
  }
}

function loop(walk: Walk, node: ForStatement): void {
  if (node.init?.type === 'VariableDeclaration') declare(walk, node.init);
  else evaluate(walk, node.init);
  evaluate(walk, node.test);
  repeat(walk, !node.test || isTrue(node.test), node.body, node.update);
}

function isTrue(test: Expression): boolean {
  return test.type === 'Literal' && Boolean(test.value);
}

function framed(walk: Walk, isLoop: boolean, body: () => void): Frame {
  const frame: Frame = { isLoop, breaks: [], continues: [] };
  walk.frames.push(frame);
  body();
  walk.frames.pop();
  return frame;
}

/** A loop whose body may run no times at all; one without end is left only by `break`. */
function repeat(
  walk: Walk,
  endless: boolean,
  body: Statement,
  update: Expression | null | undefined,
): void {
  let frame: Frame | undefined;
  branch(walk, () => {
    frame = framed(walk, true, () => run(walk, body));
    walk.state = meet(walk.state, ...frame.continues);
    evaluate(walk, update);
  });
  walk.state = meet(endless ? null : walk.state, ...(frame?.breaks ?? []));
}

function doWhile(walk: Walk, test: Expression, body: Statement): void {
  const frame = framed(walk, true, () => run(walk, body));
  walk.state = meet(walk.state, ...frame.continues);
  evaluate(walk, test);
  walk.state = meet(walk.state, ...frame.breaks);
}

function choose(walk: Walk, node: SwitchStatement): void {
  evaluate(walk, node.discriminant);
  const entry = walk.state;
  const hasDefault = node.cases.some((item) => !item.test);
  let end: State = null;
  const frame = framed(walk, false, () => {
    for (const item of node.cases) {
      walk.state = copy(entry);
      evaluate(walk, item.test);
      walk.state = meet(walk.state, end);
      runAll(walk, item.consequent);
      end = walk.state;
    }
  });
  walk.state = meet(end, hasDefault && node.cases.length > 0 ? null : entry, ...frame.breaks);
}

/** The block may stop anywhere, so that its handlers can rely only on what was there before. */
function attempt(walk: Walk, node: TryStatement): void {
  const { handler, finalizer } = node;
  const tried = branch(walk, () => run(walk, node.block));
  const handled = handler ? branch(walk, () => run(walk, handler.body)) : null;
  const after = meet(tried, handled);
  if (!finalizer) {
    walk.state = after;
    return;
  }
  const last = branch(walk, () => run(walk, finalizer));
  walk.state = after && last ? new Set([...after, ...last]) : null;
}
