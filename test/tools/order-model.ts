/**
 * A model of an interpreter that does not hoist, for the tests of the gate: programs of a few
 * kinds of step, which can be written as ES5 and run here with any outcome of their conditions.
 */
import fc from 'fast-check';

export type Step =
  | { readonly kind: 'var'; readonly name: string; readonly body: readonly Step[] | null }
  | { readonly kind: 'function'; readonly name: string; readonly body: readonly Step[] }
  | { readonly kind: 'use' | 'call' | 'return'; readonly name: string }
  | { readonly kind: 'assign'; readonly name: string; readonly from: string }
  | { readonly kind: 'if'; readonly yes: readonly Step[]; readonly no: readonly Step[] }
  | { readonly kind: 'loop'; readonly body: readonly Step[] };

/** `call` calls what it is given, if it can be called; `flag` is true or false. */
export function sourceOf(steps: readonly Step[]): string {
  return steps.map(lineOf).join('\n');
}

function lineOf(step: Step): string {
  switch (step.kind) {
    case 'var':
      return step.body
        ? `var ${step.name} = function () {\n${sourceOf(step.body)}\n};`
        : `var ${step.name} = 1;`;
    case 'function':
      return `function ${step.name}() {\n${sourceOf(step.body)}\n}`;
    case 'use':
      return `call(${step.name} === 0);`;
    case 'call':
      return `call(${step.name});`;
    case 'return':
      return `return ${step.name};`;
    case 'assign':
      return `${step.name} = ${step.from};`;
    case 'if':
      return `if (flag()) {\n${sourceOf(step.yes)}\n} else {\n${sourceOf(step.no)}\n}`;
    case 'loop':
      return `while (flag()) {\n${sourceOf(step.body)}\n}`;
  }
}

class Missing extends Error {}
class Ended extends Error {}

type Value = readonly Step[] | null;

/**
 * Runs the steps, `flags` being the outcomes of the conditions. True if a name was used that did
 * not exist, by the steps themselves or by a function that they give back.
 */
export function usesMissing(steps: readonly Step[], flags: readonly boolean[]): boolean {
  const values = new Map<string, Value>();
  const rest = [...flags];
  let budget = 200;
  const read = (name: string): Value => {
    const value = values.get(name);
    if (value === undefined) throw new Missing();
    return value;
  };
  const call = (value: Value): void => {
    if (--budget < 0) throw new Ended();
    if (value) run(value);
  };
  /** False once the steps have returned. */
  const run = (list: readonly Step[]): boolean => list.every((step) => runStep(step));
  const runStep = (step: Step): boolean => {
    switch (step.kind) {
      case 'var':
      case 'function':
        values.set(step.name, step.body);
        return true;
      case 'use':
        read(step.name);
        return true;
      case 'call':
        call(read(step.name));
        return true;
      case 'return':
        call(read(step.name));
        return false;
      case 'assign': {
        const value = read(step.from);
        read(step.name);
        values.set(step.name, value);
        return true;
      }
      case 'if':
        return run(rest.shift() ? step.yes : step.no);
      case 'loop':
        while (rest.shift()) if (!run(step.body)) return false;
        return true;
    }
  };
  try {
    run(steps);
    return false;
  } catch (error) {
    if (error instanceof Missing) return true;
    if (error instanceof Ended) return false;
    throw error;
  }
}

const name = fc.constantFrom('a', 'b', 'f', 'g');
const inner: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('use' as const), name }),
  fc.record({ kind: fc.constant('call' as const), name }),
  fc.record({ kind: fc.constant('assign' as const), name, from: name }),
);
const body = fc.array(inner, { maxLength: 2 });
const declaration: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('var' as const),
    name: fc.constantFrom('a', 'b'),
    body: fc.option(body),
  }),
  fc.record({ kind: fc.constant('function' as const), name: fc.constantFrom('f', 'g'), body }),
);
const { block } = fc.letrec<{ step: Step; block: Step[] }>((tie) => ({
  block: fc.array(tie('step'), { maxLength: 4, depthIdentifier: 'block' }),
  step: fc.oneof(
    { depthIdentifier: 'block', maxDepth: 2 },
    { weight: 4, arbitrary: declaration },
    { weight: 4, arbitrary: inner },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('return' as const), name }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('if' as const),
        yes: tie('block'),
        no: tie('block'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('loop' as const), body: tie('block') }) },
  ),
}));

export const programs: fc.Arbitrary<Step[]> = fc
  .array(block, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.flat());
