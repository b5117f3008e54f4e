/**
 * Functions that are seldom called live in flash only. A function that the interpreter knows by
 * name keeps four variables and one for each parameter for as long as the unit runs, and a unit has
 * hundreds of functions that it needs once a boot, a connection or a minute.
 *
 * A function whose doc comment has the tag `@rare` is taken out of the script. Its body stands in a
 * comment at the end, and where it was called a function is made of that part of the file:
 *
 *     function $(at, length, name) { return new Function(name, app.substr(at, length)); }
 *     $(20480, 512, 'unit')(unit, nowMs);
 *
 * `app` is the file that the loader runs. It lies in flash, and so does a part of it, so that the
 * call keeps nothing in memory but the function itself, until it returns. `@resident` is the other
 * way round: the function keeps its name even if it is called in one place only, where it would
 * otherwise be made anew at each call.
 */
import { parse, type AnyNode, type FunctionDeclaration, type Program } from 'acorn';
import { resolveNames, walk, type Binding } from './rules/names.js';

/** What the script calls the maker of rare functions. */
export const MAKER = '$';
/** The file that the loader runs, as the loader calls it. */
const FILE = 'app';
const MAKER_TEXT = `function ${MAKER}(n,r,e){return new Function(e,${FILE}.substr(n,r))}`;

const NOT_INLINED = '/* @__NOINLINE__ */ ';

export interface Marked {
  readonly code: string;
  /** Names of the functions that are to be taken out. */
  readonly rare: readonly string[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap. */
function edited(code: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start);
  let text = '';
  let at = 0;
  for (const edit of ordered) {
    text += code.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + code.slice(at);
}

/** The functions of the outermost scope, with what they are bound to. */
function topFunctions(program: Program): { node: FunctionDeclaration; binding: Binding }[] {
  const top = resolveNames(program).scopes[0];
  return program.body.flatMap((node) => {
    if (node.type !== 'FunctionDeclaration') return [];
    const binding = top?.bindings.get(node.id.name);
    return binding ? [{ node, binding }] : [];
  });
}

/** Longest constant text that is written out wherever it is used. */
const MAX_CONSTANT_CHARS = 24;

/** Where something is assigned to a name. */
function assignments(program: Program): Set<number> {
  const places = new Set<number>();
  walk(program, (node) => {
    if (node.type === 'AssignmentExpression') places.add(node.left.start);
    if (node.type === 'UpdateExpression') places.add(node.argument.start);
  });
  return places;
}

/**
 * Uses of the outermost numbers and short texts, which then stand there themselves: a name for each
 * would take two or three variables for ever, and longer to find than the value to read.
 */
function constantUses(program: Program, code: string): Edit[] {
  const top = resolveNames(program).scopes[0];
  const assigned = assignments(program);
  const declarations = program.body.flatMap((node) =>
    node.type === 'VariableDeclaration' ? node.declarations : [],
  );
  return declarations.flatMap(({ id, init }) => {
    if (id.type !== 'Identifier' || !init || !isConstant(init)) return [];
    const text = code.slice(init.start, init.end);
    const uses = top?.bindings.get(id.name)?.references ?? [];
    if (text.length > MAX_CONSTANT_CHARS) return [];
    if (uses.some(({ node }) => assigned.has(node.start))) return [];
    return uses.map(({ node: { start, end } }) => ({ start, end, text: `(${text})` }));
  });
}

function isConstant(node: AnyNode): boolean {
  if (node.type === 'Literal') return true;
  if (node.type === 'UnaryExpression') return isConstant(node.argument);
  return node.type === 'BinaryExpression' && isConstant(node.left) && isConstant(node.right);
}

/**
 * Prepares what rollup joined for terser: tagged functions stay functions, rare ones take what
 * comes after their first parameter from `arguments`, and constants stand where they are used.
 */
export function markRare(code: string): Marked {
  const tags = new Map<number, string>();
  const program = parse(code, {
    ecmaVersion: 5,
    onComment(isBlock, text, _start, end) {
      const tag = isBlock && /@(rare|resident)\b/.exec(text);
      if (tag) tags.set(end, tag[1] as string);
    },
  });
  const callees = new Set<number>();
  walk(program, (node) => {
    if (node.type === 'CallExpression') callees.add(node.callee.start);
  });
  const edits: Edit[] = constantUses(program, code);
  const rare: string[] = [];
  for (const { node, binding } of topFunctions(program)) {
    const commentEnd = code.slice(0, node.start).trimEnd().length;
    const tag = tags.get(commentEnd);
    if (tag === undefined) continue;
    for (const { node: use } of binding.references) {
      if (callees.has(use.start))
        edits.push({ start: use.start, end: use.start, text: NOT_INLINED });
      else if (tag === 'rare') {
        throw new Error(`${node.id.name} is @rare: it can be called, but is not a value`);
      }
    }
    if (tag !== 'rare') continue;
    rare.push(node.id.name);
    const [first, ...others] = node.params;
    const last = others.at(-1);
    if (!first || !last) continue;
    edits.push({ start: first.end, end: last.end, text: '' });
    const values = others.map(
      (param, i) => `${code.slice(param.start, param.end)} = arguments[${i + 1}]`,
    );
    const at = node.body.start + 1;
    edits.push({ start: at, end: at, text: `var ${values.join(', ')};` });
  }
  return { code: edited(code, edits), rare };
}

/** Takes the functions of these names out of what terser made. */
export function moveRare(code: string, rare: ReadonlySet<string>): string {
  const program = parse(code, { ecmaVersion: 5 });
  const functions = topFunctions(program).filter(({ node }) => rare.has(node.id.name));
  if (functions.length === 0) return code;
  const names = functions.map(({ node }) => node.id.name);
  const uses = functions.flatMap(({ node, binding }) =>
    binding.references.map(({ node: use }) => ({ start: use.start, end: use.end, of: node })),
  );
  /** The text between two places, with each use of a rare function replaced. */
  const withCalls = (from: number, to: number, call: (name: string) => string): string => {
    const inside = uses.filter((use) => use.start >= from && use.end <= to);
    const edits = inside.map(({ start, end, of }) => ({
      start: start - from,
      end: end - from,
      text: call(of.id.name),
    }));
    return edited(code.slice(from, to), edits);
  };
  /** What stays: the script without those functions. */
  const script = (call: (name: string) => string): string => {
    let text = '';
    let at = 0;
    for (const { node } of functions) {
      text += withCalls(at, node.start, call);
      at = node.end;
    }
    return text + withCalls(at, code.length, call).trimEnd();
  };
  // Where a body stands depends on how long the calls are, and these on where bodies stand.
  const firstOf = ({ params }: FunctionDeclaration): string =>
    params[0]?.type === 'Identifier' ? `,"${params[0].name}"` : '';
  let places = new Map(names.map((name) => [name, `${MAKER}(10000,100)`]));
  for (let round = 0; round < 10; round++) {
    const call = (name: string): string => places.get(name) as string;
    let text = `${MAKER_TEXT}${script(call)}\n/*`;
    const next = new Map<string, string>();
    for (const { node } of functions) {
      const body = withCalls(node.body.start + 1, node.body.end - 1, call);
      if (body.includes('*/')) throw new Error(`${node.id.name} is @rare: it may not contain */`);
      next.set(node.id.name, `${MAKER}(${text.length},${body.length}${firstOf(node)})`);
      text += `${body}\n`;
    }
    text += '*/\n';
    if (names.every((name) => next.get(name) === places.get(name))) return text;
    places = next;
  }
  throw new Error('the places of the rare functions do not settle');
}
