/** What is seldom called lives in flash only: the script stays what it was. */
import { runInNewContext } from 'node:vm';
import { parse } from 'acorn';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAKER, markRare, moveRare } from '../../tools/build/rare.js';

const test = suite('rare functions');

/** As a device does it: all that a script declares is global, and `app` is its file. */
function run(script: string): unknown {
  return runInNewContext(`${script}\nanswer`, { app: script });
}

function built(readable: string): string {
  const { code, rare } = markRare(readable);
  // Terser leaves no comments.
  return moveRare(code.replace(/\/\* @__NOINLINE__ \*\/|\/\*\*[^]*?\*\//g, ''), new Set(rare));
}

/** Functions that the script keeps by name. */
function kept(script: string): string[] {
  return parse(script, { ecmaVersion: 5 }).body.flatMap((node) =>
    node.type === 'FunctionDeclaration' ? [node.id.name] : [],
  );
}

const CALLS = `
var base = 40;
function plain(a) { return a + 1; }
/** Adds. @rare */
function add(a, b, c) { a = a + b; return plain(a) + c; }
/**
 * Calls another of its kind.
 * @rare
 */
function twice(n) { return n > 3 ? n : twice(n + add(1, -1, 0)); }
/** @resident */
function once() { return twice(0); }
var answer = add(base, 1, 0) + ':' + once();
`;

test('a rare function gives what it gave, with any number of parameters, and recursive', () => {
  const script = built(CALLS);
  assert.is(run(CALLS), '42:4');
  assert.is(run(script), '42:4');
  assert.equal(kept(script), [MAKER, 'plain', 'once']);
});

test('the places in the file are right whatever the length of what is before them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12_000 }), (length) => {
      const padded = `var padding = "${'p'.repeat(length)}";${CALLS}`;
      assert.is(run(built(padded)), '42:4');
    }),
    { numRuns: 60, seed: 20261122 },
  );
});

test('a tagged function is not inlined where it is called', () => {
  const { code } = markRare(CALLS);
  assert.is(code.split('@__NOINLINE__').length - 1, 5);
});

test('a rare function that is used as a value is refused, a resident one is not', () => {
  const value = (tag: string) => `/** @${tag} */\nfunction f() {}\nvar answer = [f];`;
  assert.throws(() => markRare(value('rare')), /f is @rare: it can be called, but is not a value/);
  assert.equal(markRare(value('resident')).rare, []);
});

test('a body that would end the comment is refused', () => {
  const readable = `/** @rare */\nfunction f() { return "*/"; }\nvar answer = f();`;
  assert.throws(() => built(readable), /f is @rare: it may not contain \*\//);
});

test('constants stand where they are used; what is long or calculated keeps its name', () => {
  const long = 'x'.repeat(30);
  const readable = `var A = -1; var B = 2 * 3; var C = "${long}"; var D = A + B;
function f(A) { return A; }
var answer = A + B + C + D + f(1);`;
  const { code } = markRare(readable);
  assert.match(code, 'answer = (-1) + (2 * 3) + C + D + f(1)');
  assert.match(code, 'var D = (-1) + (2 * 3)');
  assert.match(code, 'return A;');
  assert.is(run(code), run(readable));
});

test('without tags nothing changes', () => {
  const plain = 'function f(a) { return a; }\nvar answer = f(1);';
  assert.is(built(plain), plain);
});

test('a number that is assigned to keeps its name', () => {
  const script = 'var told = 0; var least = 7; function tell() { told++; return least; } tell();';
  const { code } = markRare(`${script} var answer = told;`);
  assert.is(run(code), 1);
  assert.match(code, 'return (7)');
});

test.run();
