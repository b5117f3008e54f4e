/** The bundler, on small modules as tsc would leave them in `build/`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, type Bundle } from '../../tools/build/bundle.js';
import { checkBundle } from '../../tools/build/check-bundle.js';
import { deviceGlobals } from '../../tools/build/rules/device-globals.js';

const test = suite<{ folder: string }>('bundle');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'bundle-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function bundleOf(folder: string, files: Record<string, string>): Promise<Bundle> {
  write(folder, files);
  return bundle(join(folder, 'main.js'), { file: join(folder, 'dist/unit.readable.js') });
}

/** Compiles TypeScript modules to ES5 as the firmware's are, and bundles `main.ts`. */
function compiled(folder: string, files: Record<string, string>): Promise<Bundle> {
  const compilerOptions = {
    target: ts.ScriptTarget.ES5,
    module: ts.ModuleKind.ES2022,
    ignoreDeprecations: '5.0',
    noEmitHelpers: true,
    sourceMap: true,
  };
  for (const [fileName, text] of Object.entries(files)) {
    const made = ts.transpileModule(text, { fileName, compilerOptions });
    const script = fileName.replace('.ts', '.js');
    write(folder, { [script]: made.outputText, [`${script}.map`]: made.sourceMapText as string });
  }
  return bundle(join(folder, 'main.js'), { file: join(folder, 'dist/unit.readable.js') });
}

async function refusal(made: Promise<Bundle>): Promise<string> {
  try {
    await made;
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** What the script leaves in its one global. */
function run(script: string): unknown {
  return new Function(`${script}\nreturn unit;`)();
}

test('modules come in order of their imports, in one scope with one global', async ({ folder }) => {
  const { readable, minified } = await bundleOf(folder, {
    'main.js': "import { two } from './b.js';\nexport default two + 1;\n",
    'b.js': "import { one } from './c/c.js';\nexport var two = one + 1;\n",
    'c/c.js': 'export var one = 1;\n',
  });
  assert.match(readable, /^var unit = \(function \(\) \{\n/);
  assert.ok(readable.indexOf('one = 1') < readable.indexOf('two = one'));
  assert.ok(readable.indexOf('two = one') < readable.indexOf('two + 1'));
  assert.is(run(readable), 3);
  assert.is(run(minified), 3);
});

test('an import cycle is refused, with its path', async ({ folder }) => {
  const message = await refusal(
    bundleOf(folder, {
      'main.js': "import { b } from './b.js';\nexport var a = 1;\nexport default b;\n",
      'b.js': "import { a } from './main.js';\nexport function b() { return a; }\n",
    }),
  );
  assert.match(message, /Circular dependency: .*main\.js -> .*b\.js -> .*main\.js/);
});

test('an import that leads nowhere is refused', async ({ folder }) => {
  const main = "import { b } from './b.js';\nexport default b;\n";
  assert.match(await refusal(bundleOf(folder, { 'main.js': main })), /b\.js/);
  const bare = "import { b } from 'somewhere';\nexport default b;\n";
  assert.match(await refusal(bundleOf(folder, { 'main.js': bare })), /somewhere/);
});

test('an export that does not exist is refused', async ({ folder }) => {
  const message = await refusal(
    bundleOf(folder, {
      'main.js': "import { c } from './b.js';\nexport default c;\n",
      'b.js': 'export var b = 1;\n',
    }),
  );
  assert.match(message, /"c" is not exported by .*b\.js/);
});

test('a constant record becomes numbers, and its names vanish', async ({ folder }) => {
  const { minified } = await bundleOf(folder, {
    'main.js':
      "import { Refusal } from './codes.js';\n" +
      'export default function check(a) { return a ? Refusal.tooShort : Refusal.none; }\n',
    'codes.js': 'export var Refusal = { none: 0, tooShort: 17 };\n',
  });
  assert.not.match(minified, /tooShort|none/);
  assert.match(minified, /17/);
});

test('an `if` around calls stays a statement: operators would take twice the stack', async ({
  folder,
}) => {
  const { minified } = await bundleOf(folder, {
    'main.js':
      'export default function take(type, a, b, c) {\n' +
      '  if (type === 1) a(type); else if (type === 2) b(type); else c(type);\n' +
      '  var result = a(b);\n  c(result);\n}\n',
  });
  assert.not.match(minified, /[?]|&&/);
  assert.match(minified, /if\(1===\w\)\w\(\w\);else if/);
  assert.not.match(minified, /\w\(\w\(/);
});

test('functions stay where they were written, and a `typeof` stays one', async ({ folder }) => {
  const { minified } = await bundleOf(folder, {
    'main.js':
      'var first = [1];\nfunction use() { return typeof first !== "undefined" && first; }\n' +
      'export default { use: use, again: use };\n',
  });
  assert.ok(minified.indexOf('[1]') < minified.indexOf('function', 20));
  assert.match(minified, /typeof/);
});

test('the minified text is ASCII, its strings are the same', async ({ folder }) => {
  const { minified } = await bundleOf(folder, {
    'main.js': '// naïve\nexport default "caf\u00e9 \\x00\\x80";\n',
  });
  assert.match(minified, /^[\x0a\x20-\x7e]*$/);
  assert.is(run(minified), 'caf\u00e9 \x00\x80');
});

test('the maps of both texts lead to the TypeScript source', async ({ folder }) => {
  const made = await compiled(folder, {
    'main.ts': "import { half } from './half.js';\nexport default half;\n",
    'half.ts': '/** A comment. */\nexport function half(a: number): number {\n  return a / 2;\n}\n',
  });
  for (const [text, map] of [
    [made.readable, made.map],
    [made.minified, made.minifiedMap],
  ] as const) {
    const before = text.slice(0, text.indexOf('return')).split('\n');
    const entry = new SourceMap(JSON.parse(map)).findEntry(
      before.length - 1,
      (before.at(-1) as string).length,
    );
    assert.ok('originalSource' in entry);
    assert.is(join(folder, 'dist', entry.originalSource), join(folder, 'half.ts'));
    assert.is(entry.originalLine, 2);
  }
});

test('the same modules give the same bytes', async ({ folder }) => {
  const files = {
    'main.js': "import { a } from './a.js';\nimport { b } from './b.js';\nexport default [a, b];\n",
    'a.js': 'export function a() { return 1; }\n',
    'b.js': 'export function b() { return 2; }\n',
  };
  assert.equal(await bundleOf(folder, files), await bundleOf(folder, files));
});

test('what tsc makes of the usual TypeScript passes the gate', async ({ folder }) => {
  const { readable, minified } = await compiled(folder, {
    'codes.ts':
      'export const Kind = { none: 0, one: 1 } as const;\nexport enum Level { low, high }\n',
    'main.ts': `
      import { Kind, Level } from './codes.js';
      interface Sink { take(value: number): void; readonly name?: string }
      class Counter implements Sink {
        private count = 0;
        take(value: number): void { this.count += value; }
        get total(): number { return this.count; }
      }
      const readers: (() => number)[] = [];
      for (let i = 0; i < 3; i++) readers.push(() => i);
      function sum(values: number[], start = 0): number {
        let total = start;
        for (const value of values) total += value;
        return total;
      }
      function label(sink: Sink | null): string {
        const { name } = sink ?? { name: 'none' };
        return \`\${name ?? 'unnamed'}: \${sink?.name?.length ?? Kind.none}\`;
      }
      function choose(level: Level): number {
        switch (level) {
          case Level.low: { const value = Kind.none; return value; }
          case Level.high: return Kind.one;
          default: return -1;
        }
      }
      const counter = new Counter();
      counter.take(sum(readers.map((reader) => reader())));
      export default [counter.total, label(null), choose(Level.high)];
    `,
  });
  const device = deviceGlobals();
  assert.equal(checkBundle(readable, device), []);
  assert.equal(checkBundle(minified, { ...device, flashBytes: 2000 }), []);
  assert.equal(run(minified), [3, 'none: 0', 1]);
});

test('what needs a helper of tsc does not pass the gate', async ({ folder }) => {
  const { readable } = await compiled(folder, {
    'main.ts': 'const a = [1];\nexport default [...a, 2];\n',
  });
  const [first] = checkBundle(readable, deviceGlobals());
  assert.is(first?.rule, 'missing-helper');
});

test.run();
