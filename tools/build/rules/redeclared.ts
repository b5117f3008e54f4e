/**
 * Rule `redeclared-function`: where its name already holds a function, a `function` statement
 * makes no new function. It gives the old one other code and leaves it its old closure, so that
 * the new code may not find the variables around it. So each turn of a loop gives the same
 * function.
 */
import type { Identifier } from 'acorn';
import { walk, walkOwn } from './names.js';
import type { Complaint, Rule, Subject } from './rule.js';

const LOOPS = ['ForStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement'];
const INSTEAD = 'another name, or `var` and a function expression: the old closure is kept';

export const redeclaredFunction: Rule = {
  id: 'redeclared-function',
  check(subject) {
    const complaints = [...declaredAgain(subject), ...inLoops(subject)];
    return complaints.map(({ id, found }) => ({ at: id.start, found, instead: INSTEAD }));
  },
};

type Found = Pick<Complaint, 'found'> & { readonly id: Identifier };

function declaredAgain({ program, names }: Subject): Found[] {
  const functions = new Set<Identifier>();
  walk(program, (node) => {
    if (node.type === 'FunctionDeclaration' && node.id) functions.add(node.id);
  });
  return names.scopes.flatMap(({ bindings }) =>
    [...bindings.values()].flatMap(({ name, declarations }) =>
      declarations
        .slice(1)
        .filter((id) => functions.has(id))
        .map((id) => ({
          id,
          found: `a function statement for \`${name}\`, which is there already`,
        })),
    ),
  );
}

function inLoops({ program }: Subject): Found[] {
  const found = new Map<Identifier, Found>();
  walk(program, (loop) => {
    if (!LOOPS.includes(loop.type)) return;
    walkOwn(loop, (node) => {
      if (node.type !== 'FunctionDeclaration' || !node.id) return;
      found.set(node.id, {
        id: node.id,
        found: `the function statement of \`${node.id.name}\` in a loop`,
      });
    });
  });
  return [...found.values()];
}
