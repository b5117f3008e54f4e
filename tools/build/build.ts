/**
 * `npm run build`, after tsc: bundles the firmware, puts it through the gate, and writes it to
 * `firmware/dist/`. What the gate refuses is not there afterwards, nor is an older one.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GLOBAL_NAME, bundle, type Bundle } from './bundle.js';
import { checkBundle, checkSize, type Finding } from './check-bundle.js';
import { keptNames } from './kept-names.js';
import { deviceGlobals } from './rules/device-globals.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const compiled = `${root}build/firmware/`;
const dist = `${root}firmware/dist/`;

/** What is built: the unit's bundle, its loader, and what the bench measures by on a device. */
interface Target {
  /** Names the files. */
  readonly name: string;
  /** The one global; '' for none. */
  readonly globalName: string;
  readonly entry: string;
  /** Files whose property names stay as they are. */
  readonly keptFrom: readonly string[];
  /** Most bytes that it may have; Infinity where no unit has it. */
  readonly mostBytes: number;
  /** It runs other bundles, which are text to it. */
  readonly runsText?: boolean;
}

/** The bundles' findings; those of the readable one first, since they point closer to the cause. */
function gate(made: Bundle, { name, mostBytes, runsText = false }: Target): string[] {
  const device = { ...deviceGlobals(), runsText };
  const readable = checkBundle(made.readable, device);
  if (readable.length > 0) return lines(readable, made.map, `${name}.readable.js`);
  const whole = checkBundle(made.whole, { ...device, flashBytes: Infinity });
  if (whole.length > 0) return lines(whole, made.minifiedMap, `${name}.js`);
  // Taken apart it has a few bytes more.
  return checkSize(made.minified, mostBytes).map(
    ({ rule, found, instead }) =>
      `${rule}  firmware/dist/${name}.js  found ${found} – write ${instead}`,
  );
}

function lines(findings: readonly Finding[], map: string, file: string): string[] {
  const positions = new SourceMap(JSON.parse(map));
  return findings.map((finding) => {
    const { rule, found, instead } = finding;
    return `${rule}  ${place(finding, positions, file)}  found ${found} – write ${instead}`;
  });
}

/** Where the finding is in the TypeScript source, or in the bundle if no source has it. */
function place({ line, column }: Finding, positions: SourceMap, file: string): string {
  const origin = positions.findEntry(line - 1, column - 1);
  if (!('originalSource' in origin)) return `firmware/dist/${file}:${line}:${column}`;
  const path = relative(root, resolve(dist, origin.originalSource));
  return `${path}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
}

function write(name: string, text: string): void {
  const beside = `${dist}${name}.part`;
  writeFileSync(beside, text);
  renameSync(beside, dist + name);
}

async function build(target: Target): Promise<void> {
  const { name, globalName, entry, keptFrom, mostBytes } = target;
  const readable = `${name}.readable.js`;
  const made = await bundle(compiled + entry, {
    file: dist + readable,
    globalName,
    scope: globalName === '' ? 'function' : 'global',
    keptNames: keptNames(keptFrom),
  });
  write(readable, made.readable);
  write(`${readable}.map`, made.map);
  const refusals = gate(made, target);
  if (refusals.length > 0) throw new Error(refusals.join('\n'));
  // How the properties of the source are called in what is flashed.
  write(`${name}.names.json`, `${JSON.stringify(made.names, null, 1)}\n`);
  write(`${name}.js`, made.minified);
  const bytes = Buffer.byteLength(made.minified);
  const format = (count: number): string => count.toLocaleString('en-GB');
  const share =
    mostBytes < Infinity
      ? ` of ${format(mostBytes)} (${Math.round((100 * bytes) / mostBytes)} %)`
      : '';
  console.log(`${name}.js ${format(bytes)} bytes${share}`);
}

const budget = JSON.parse(readFileSync(`${root}firmware/budget.json`, 'utf8')) as {
  minifiedBytes: number;
  loaderBytes: number;
};
const targets: readonly Target[] = [
  {
    name: GLOBAL_NAME,
    globalName: GLOBAL_NAME,
    entry: 'espruino/main.js',
    keptFrom: [],
    mostBytes: budget.minifiedBytes,
  },
  {
    name: 'loader',
    globalName: '',
    entry: 'loader/loader.js',
    keptFrom: [],
    mostBytes: budget.loaderBytes,
    runsText: true,
  },
  {
    name: 'bench',
    globalName: 'bench',
    entry: 'espruino/bench.js',
    keptFrom: ['firmware/espruino/bench.ts'],
    mostBytes: Infinity,
  },
];
mkdirSync(dist, { recursive: true });
for (const target of targets) {
  try {
    await build(target);
  } catch (error) {
    rmSync(`${dist}${target.name}.js`, { force: true });
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
