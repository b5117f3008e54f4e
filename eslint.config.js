/**
 * What the compiler and the formatter do not see. For `protocol` and `firmware`, which run on an
 * interpreter that is not Node: what it lacks or does otherwise, as early as an editor can say it.
 * The gate (`tools/build/rules`) judges the finished bundle and has the last word.
 */
import esX from 'eslint-plugin-es-x';
import tseslint from 'typescript-eslint';

/** The host's side of `protocol` runs in Node. */
const unitSide = { files: ['protocol/**/*.ts', 'firmware/**/*.ts'], ignores: ['protocol/host/**'] };
const host = ['protocol/host', 'host-sim', 'tools', 'test'].map((folder) => `${folder}/**/*.ts`);

/** Restrictions with one message for all names. */
function named(names, message) {
  return names.map((name) => ({ name, message }));
}

/** Import paths that a folder may not use, as a regular expression. */
function noImports(regex, message) {
  return { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] };
}

const LACKING = 'The interpreter does not have it.';
const PORT = 'The device is named in firmware/espruino only: take a port.';

const unitGlobals = [
  ...named(['Map', 'Set', 'WeakMap', 'WeakSet', 'Symbol', 'Proxy', 'Reflect', 'Intl'], LACKING),
  ...named(['BigInt', 'TextEncoder', 'TextDecoder', 'structuredClone', 'RangeError'], LACKING),
  ...named(['queueMicrotask'], LACKING),
  ...named(['Promise'], 'Use a callback: nothing handles a rejection.'),
  ...named(['setInterval'], 'The interpreter deletes it when memory runs out: re-arm a timeout.'),
];

/** Time, chance and the device come in through the ports. */
const portGlobals = [
  ...named(['setTimeout', 'clearTimeout', 'getTime', 'Date'], 'Time comes from ports/clock.ts.'),
  ...named(['process', 'E', 'require', 'Pin', 'Serial1', 'Serial2', 'Serial3'], PORT),
  ...named(['pinMode', 'digitalRead', 'digitalWrite', 'analogRead', 'analogWrite'], PORT),
  ...named(['setWatch', 'clearWatch'], PORT),
];

const unitProperties = [
  ['Math', 'random', 'The same numbers on every unit: use a counter.'],
  ['Math', 'round', 'Differs for negative halves: use Math.floor(x + 0.5).'],
  ['Math', 'trunc', LACKING],
  ['Number', 'isInteger', LACKING],
  ['Array', 'from', LACKING],
  ['Object', 'freeze', LACKING],
  ['Date', 'parse', '0 for garbage: use milliseconds.'],
].map(([object, property, message]) => ({ object, property, message }));

const unitSyntax = [
  ['Literal[regex]', 'Regular expressions fail silently on the interpreter: use indexOf, split.'],
  ['LabeledStatement', 'The interpreter has no labels: use a function.'],
  ['SwitchCase[test=null] ~ SwitchCase', 'A case after default throws: put default last.'],
  [
    'AssignmentExpression > MemberExpression.left[property.name="length"]',
    'The interpreter throws when length is assigned: use splice.',
  ],
  [
    'CallExpression[callee.property.name="split"][arguments.length>1]',
    'The interpreter ignores the limit of split.',
  ],
  ['TaggedTemplateExpression', 'The interpreter has none: call the function.'],
  [':matches(ClassDeclaration, ClassExpression)[superClass]', 'Needs a helper: use records.'],
].map(([selector, message]) => ({ selector, message }));

const THROW = {
  selector: 'ThrowStatement',
  message: 'Nothing on the unit catches: return a code.',
};

export default [
  { ignores: ['build', 'firmware/dist', 'protocol/generated', 'test/tools/must-fail', 'coverage'] },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { '@typescript-eslint': tseslint.plugin, 'es-x': esX },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.d.ts'],
    rules: { 'no-var': 'off', '@typescript-eslint/no-explicit-any': 'off' },
  },
  {
    ...unitSide,
    rules: {
      'no-restricted-globals': ['error', ...unitGlobals],
      'no-restricted-properties': ['error', ...unitProperties],
      'no-restricted-syntax': ['error', ...unitSyntax],
      'no-eval': 'error',
      'no-new-func': 'error',
    },
  },
  {
    // Tables of messages are read where the codecs are generated, and are in no bundle.
    ...unitSide,
    ignores: ['protocol/host/**', 'protocol/messages/**'],
    rules: {
      // tsc lowers these with helpers that a bundle does not have.
      'es-x/no-spread-elements': 'error',
      'es-x/no-rest-spread-properties': 'error',
      'es-x/no-generators': 'error',
      'es-x/no-async-functions': 'error',
      'es-x/no-bigint': 'error',
    },
  },
  {
    files: ['firmware/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...unitSyntax, THROW] },
  },
  {
    files: ['firmware/**/*.ts'],
    // The loader runs before there are ports.
    ignores: ['firmware/espruino/**', 'firmware/loader/**'],
    rules: { 'no-restricted-globals': ['error', ...unitGlobals, ...portGlobals] },
  },
  {
    files: ['protocol/**/*.ts'],
    rules: noImports(
      '^(?!\\.|node:crypto$)|/(firmware|host-sim|tools|test)/',
      'protocol is what both ends speak: it imports nothing but itself.',
    ),
  },
  {
    files: ['firmware/**/*.ts'],
    rules: noImports(
      '^[^.]|/(host-sim|tools|test)/',
      'firmware imports protocol and itself: it must not know what runs it.',
    ),
  },
  {
    files: ['host-sim/**/*.ts'],
    rules: noImports(
      '/firmware/(?!ports/|dist/)|/(tools(?!/command-line/)|test)/',
      'host-sim runs the built bundle, and knows no source of firmware but its ports.',
    ),
  },
  {
    files: ['tools/**/*.ts'],
    rules: noImports('/(firmware|host-sim|test)/', 'tools import protocol and themselves.'),
  },
  {
    files: ['tools/command-line/**/*.ts'],
    rules: noImports(
      '^\\.\\./',
      'tools/command-line is what bench and tools share at a terminal: it knows neither.',
    ),
  },
  {
    files: host,
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
];
