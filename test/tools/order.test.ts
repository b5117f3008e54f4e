/** The gate's rule on order: the interpreter does not hoist. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkBundle, type Finding } from '../../tools/build/check-bundle.js';
import { programs, sourceOf, usesMissing, type Step } from './order-model.js';

const options = { globals: new Set(['call', 'flag']), modules: new Set<string>() };

function findings(body: string): Finding[] {
  const all = checkBundle(`var unit = (function () {\n${body}\n})();\n`, options);
  return all.filter(({ rule }) => rule !== 'redeclared-function');
}

function complaints(body: string): string[] {
  return findings(body).map(({ rule, line, found }) => {
    assert.is(rule, 'use-before-definition', found);
    return `${line}: ${found}`;
  });
}

const good: Record<string, string> = {
  'functions that call later ones, before anything runs':
    'function a() { return b(); } function b() { return 1; } return a();',
  'mutual recursion':
    'function a(n) { return n && b(n - 1); } function b(n) { return n && a(n - 1); } return a(2);',
  'a table of functions that use later ones, before anything runs':
    'function a() { return b(); } var t = { a: a }; function b() {} return t.a();',
  'a variable that both branches declare': 'if (flag) { var a = 1; } else { var a = 2; } return a;',
  'a variable that the other branch leaves without':
    'if (flag) { var a = 1; } else { return 0; } return a;',
  'a variable of a loop header, after the loop': 'for (var i = 0; flag(i); i++) call(i); return i;',
  'a for-in variable after the loop': 'for (var key in flag) call(key); return key;',
  'a variable of a do-while body after the loop': 'do { var a = flag(); } while (a); return a;',
  'a variable of an endless loop that is left after its statement':
    'for (;;) { var a = flag(); if (a) break; } return a;',
  'a variable that every case declares':
    'switch (flag) { case 1: var a = 1; break; default: var a = 2; } return a;',
  'a variable declared before a try, set in it':
    'var a; try { a = call(); } catch (e) { a = e; } return a;',
  'a variable that its own initialiser closes over':
    'function start() { var timer = call(function () { call(timer); }); return timer; } return start();',
  'a function that closes over a later variable':
    'function start() { function stop() { call(timer); } var timer = call(1); return stop; } return start;',
  'an enumeration as tsc writes it':
    'var Kind; (function (Kind) { Kind[Kind["a"] = 0] = "a"; })(Kind || (Kind = {})); return Kind;',
  'a class as tsc writes it':
    'var Task = (function () { function Task() { this.a = 1; } Task.prototype.run = function () { return new Task(); }; return Task; }()); return new Task();',
  'a loop body with closures as tsc writes it':
    'var list = []; var _loop_1 = function (i) { list.push(function () { return i; }); }; for (var i = 0; i < 3; i++) { _loop_1(i); } return list;',
  'a named function expression that calls itself':
    'return (function again(n) { return n && again(n - 1); })(2);',
  'a parameter declared once more': 'function f(a) { call(a); var a = 1; return a; } return f(1);',
};
for (const [name, body] of Object.entries(good)) {
  test(`passes: ${name}`, () => assert.equal(complaints(body), []));
}

const bad: Record<string, [body: string, message: string]> = {
  'a variable used before its statement': ['call(a); var a = 1;', '`a` is used before its var'],
  'a variable written before its statement': ['a = 1; var a;', '`a` is used before its var'],
  'a variable of one case, used in another': [
    'switch (flag) { case 1: var a = 1; break; case 2: a = 2; }',
    'exists only if',
  ],
  'a variable of a try block, used after it': [
    'try { call(); var a = 1; } catch (e) { call(e); } return a;',
    'exists only if',
  ],
  'a variable of a loop body, used before it in the next turn': [
    'while (flag()) { if (flag(1)) call(a); var a = 1; }',
    '`a` is used before its var',
  ],
  'a variable after a continue, in the loop test': [
    'do { if (flag(1)) continue; var a = 1; } while (a);',
    'exists only if',
  ],
  'a variable after a break': [
    'for (;;) { if (flag(1)) break; var a = 1; } return a;',
    'exists only if',
  ],
  'a function in a branch, called after it': [
    'if (flag) { function f() {} } return f();',
    '`f` exists only if its function',
  ],
  'a table used before its functions are there': [
    'var t = { a: a }; function a() {} return t;',
    '`a` is used before its function',
  ],
  'a call through a table': [
    'function a() { return b(); } var t = { a: a }; var r = call(t); function b() {} return r;',
    'this call reaches `b` through t → a',
  ],
  'a call through a method added later': [
    'var t = {}; t.run = function () { b(); }; t.run(); function b() {}',
    'this call reaches `b` through t',
  ],
  'a call in a loop, of what its last turn left there': [
    'var a = 1; function f() { b(); } while (flag()) { call(a); a = f; } function b() {}',
    'this call reaches `b` through a → f',
  ],
  'a variable that the last case does not declare': [
    'switch (flag) { case 1: var a = 1; break; default: call(); } return a;',
    'exists only if',
  ],
  'a constructor that is run': [
    'function Task() { b(); } var t = new Task(); function b() {} return t;',
    'this call reaches `b` through Task',
  ],
  'a variable that start-up code needs': [
    'function a() { return b; } var r = a(); var b = 1; return r;',
    'this call reaches `b` through a',
  ],
  'a derived class as tsc writes it': [
    'return (function (_super) { call(B, _super); function B() {} return B; })(flag);',
    '`B` is used before its function',
  ],
  'a function called on the spot': [
    'function f() { (function () { a = 1; })(); var a; } return f;',
    'this call reaches `a`',
  ],
};
for (const [name, [body, message]] of Object.entries(bad)) {
  test(`refuses: ${name}`, () => {
    const [first] = complaints(body);
    assert.ok(first?.includes(message), `found ${first ?? 'nothing'}`);
  });
}

test('a name is complained about once, at its first use', () => {
  assert.equal(complaints('call(a);\ncall(a);\nvar a = 1;\ncall(b);\nvar b;').length, 2);
});

test('property: whatever can use a name that does not exist is refused', () => {
  fc.assert(
    fc.property(programs, fc.array(fc.boolean(), { maxLength: 12 }), (steps, flags) => {
      if (usesMissing(steps, flags)) assert.ok(findings(sourceOf(steps)).length > 0);
    }),
    { numRuns: 3000 },
  );
});

test('property: what is declared before its use passes', () => {
  const declarations: Step[] = [
    { kind: 'var', name: 'a', body: null },
    { kind: 'var', name: 'b', body: [] },
    { kind: 'function', name: 'f', body: [{ kind: 'use', name: 'a' }] },
    { kind: 'function', name: 'g', body: [{ kind: 'call', name: 'f' }] },
  ];
  fc.assert(
    fc.property(programs, (steps) => {
      const all = [...declarations, ...steps.filter((step) => step.kind !== 'return')];
      assert.equal(complaints(sourceOf(all)), []);
    }),
  );
});

test.run();
