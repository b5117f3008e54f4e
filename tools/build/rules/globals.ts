/**
 * What a bundle may take from outside itself: only names that the project's two declaration files
 * say the device has. A helper function that tsc left out is the usual stranger.
 */
import { walk } from './names.js';
import { isAbsentGlobal } from './members.js';
import { excerpt, isGlobal, type Complaint, type Rule } from './rule.js';

/** The feature that each helper of tsc stands for, and what to write instead of it. */
const HELPERS: Readonly<Record<string, readonly [feature: string, instead: string]>> = {
  __extends: ['a derived class', 'records and functions'],
  __assign: ['object spread', 'the fields one by one'],
  __rest: ['object rest', 'the fields one by one'],
  __spreadArray: ['spread', '`push`, or a loop'],
  __read: ['destructuring of an iterable', 'an index'],
  __values: ['for-of over an iterable', 'an index'],
  __makeTemplateObject: ['a tagged template', 'a function call'],
  __awaiter: ['async', 'a callback'],
  __generator: ['async or a generator', 'a callback'],
  __decorate: ['a decorator', 'a function call'],
  __importStar: ['`import *`', 'named imports'],
};

function isHelper(name: string): boolean {
  return name.startsWith('__') && name !== '__proto__';
}

const missingHelper: Rule = {
  id: 'missing-helper',
  check({ names }) {
    const complaints: Complaint[] = [];
    for (const { name, start } of names.free) {
      if (!isHelper(name)) continue;
      const [feature, instead] = HELPERS[name] ?? ['a late language feature', 'it in plain ES5'];
      complaints.push({
        at: start,
        found: `\`${name}\`: tsc's helper for ${feature} is not in the bundle`,
        instead,
      });
    }
    return complaints;
  },
};

const unknownGlobal: Rule = {
  id: 'unknown-global',
  check({ names, options }) {
    const complaints: Complaint[] = [];
    for (const { name, start } of names.free) {
      if (options.globals.has(name) || isHelper(name) || isAbsentGlobal(name)) continue;
      complaints.push({
        at: start,
        found: `\`${name}\`, which neither the bundle nor a declaration file of the device declares`,
        instead: 'a declaration with `var`; or, if the device has it, declare it in espruino.d.ts',
      });
    }
    return complaints;
  },
};

const requireName: Rule = {
  id: 'require-name',
  check(subject) {
    const complaints: Complaint[] = [];
    const fit = new Set<unknown>();
    walk(subject.program, (node) => {
      if (node.type !== 'CallExpression' || !isGlobal(subject, node.callee, 'require')) return;
      const [name] = node.arguments;
      const known = name?.type === 'Literal' && subject.options.modules.has(String(name.value));
      if (known && node.arguments.length === 1) fit.add(node.callee);
      else
        complaints.push(wrongRequire(excerpt(subject, node), node.start, subject.options.modules));
      fit.add(node.callee);
    });
    for (const node of subject.names.free) {
      if (node.name !== 'require' || fit.has(node)) continue;
      complaints.push(wrongRequire('`require` as a value', node.start, subject.options.modules));
    }
    return complaints;
  },
};

function wrongRequire(found: string, at: number, modules: ReadonlySet<string>): Complaint {
  const names = [...modules].map((name) => `'${name}'`).join(', ');
  return { at, found, instead: `require of one of ${names}; others first into espruino.d.ts` };
}

export const globalRules: Rule[] = [missingHelper, unknownGlobal, requireName];
