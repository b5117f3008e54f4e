/** The gate refuses each must-fail source for its one reason, and lets good code pass. */
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkBundle, type Finding } from '../../tools/build/check-bundle.js';
import { absentNames } from '../../tools/build/rules/absent.js';
import { deviceGlobals } from '../../tools/build/rules/device-globals.js';
import { ruleIds } from '../../tools/build/rules/index.js';

const folder = new URL('./must-fail/', import.meta.url);
const options = { ...deviceGlobals(), flashBytes: 1000 };
/** Stands before the place that the finding must name. */
const MARK = '/*!*/';

function check(body: string): Finding[] {
  return checkBundle(`var unit = (function () {\n${body}\n})();\n`, options);
}

function rulesOf(findings: Finding[]): string[] {
  return [...new Set(findings.map((finding) => finding.rule))];
}

const covered = new Set<string>();
for (const file of readdirSync(folder).sort()) {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const [, rule = '', message = ''] = /^\/\/ expect: (\S+) "(.*)"\n/.exec(text) ?? [];
  covered.add(rule);

  test(`${file} is refused by ${rule} alone, with its message and its place`, () => {
    const before = text.slice(0, text.indexOf(MARK));
    const findings = checkBundle(
      text,
      rule === 'budget' ? options : { ...options, flashBytes: 2000 },
    );
    assert.equal(rulesOf(findings), [rule]);
    const [first] = findings as [Finding];
    assert.ok(first.found.includes(message), `"${first.found}" has no "${message}"`);
    assert.ok(first.instead.length > 0);
    const isAtStart = rule === 'budget';
    assert.is(first.line, isAtStart ? 1 : before.split('\n').length);
    assert.is(first.column, isAtStart ? 1 : before.length - before.lastIndexOf('\n') + MARK.length);
  });
}

test('every rule has a must-fail source', () => {
  assert.equal(
    ruleIds.filter((id) => !covered.has(id)),
    [],
  );
});

test('every name of the table of absent things is refused', () => {
  for (const { name } of absentNames) {
    const use = name.replace(/^\[\]/, '[1]').replace(/^\./, 'value.').replace('*', 'slice');
    const rules = rulesOf(check(`var value = 1; return ${use};`));
    assert.is(rules.length, 1, `${name}: ${rules.join(', ') || 'passed'}`);
  }
});

test('a name of the bundle itself may be called as what the device lacks', () => {
  assert.equal(check('function Map() {} var Math = { random: Map }; return Math.random();'), []);
});

test('methods that exist, or that only share a name, pass', () => {
  assert.equal(
    check(`var record = { at: 1, values: 2 };
      var text = 'a,b'.split(',').join('').trim();
      return record.at + record.values + text.lastIndexOf('a') + Object.keys(record).length;`),
    [],
  );
});

test('a prototype of the bundle itself may be used', () => {
  assert.equal(
    check(`var Task = (function () {
      function Task() {}
      Task.prototype.run = function () { return 1; };
      return Task;
    })();
    return new Task().run() + Task.prototype.run();`),
    [],
  );
});

test('a loop variable in a function made outside the loop is shared on purpose', () => {
  assert.equal(
    check(`var queue = [];
      function call(value) { return value; }
      for (var i = 0, sum = function () { return i; }; i < 2; i++) queue.push(call(i));
      return sum;`),
    [],
  );
});

test('what the device does as Node does passes', () => {
  assert.equal(
    check(`var Kind = { none: 0, one: 1 };
      function name(kind) {
        switch (kind) {
          case Kind.none: return 'none';
          case Kind.one: return '\\xe9';
          default: return JSON.stringify({ kind: kind }, null, 2);
        }
      }
      function read(text) {
        try { return JSON.parse(text); } catch (error) { return error instanceof Object; }
      }
      var store = require('Storage');
      setTimeout(function () { store.write(name(1), ''); }, 10);
      return { read: read, get kind() { return Kind.one; } };`),
    [],
  );
});

test('several findings come in order of the source', () => {
  const findings = check('var a = Math.random();\nvar b = Math.round(a);\nthrow new Map();');
  assert.equal(
    findings.map((finding) => `${finding.rule} ${finding.line}`),
    ['math-random 2', 'math-round 3', 'throw 4', 'absent-global 4'],
  );
});

test('the declaration files give the names of the device', () => {
  const { globals, modules } = deviceGlobals();
  for (const name of ['Math', 'JSON', 'DataView', 'E', 'setTimeout', 'require']) {
    assert.ok(globals.has(name), name);
  }
  assert.ok(modules.has('Storage'));
  const declared = absentNames.filter(({ name }) => globals.has(name));
  assert.equal(declared, []);
});

test.run();
