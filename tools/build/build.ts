/**
 * `npm run build`, after tsc: bundles the firmware, puts it through the gate, and writes it to
 * `firmware/dist/`. What the gate refuses is not there afterwards, nor is an older one.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, type Bundle } from './bundle.js';
import { checkBundle, type Finding } from './check-bundle.js';
import { keptNames } from './kept-names.js';
import { deviceGlobals } from './rules/device-globals.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const entry = `${root}build/firmware/espruino/main.js`;
const dist = `${root}firmware/dist/`;
const READABLE = 'unit.readable.js';
const FLASHED = 'unit.js';
/** How the properties of the source are called in the flashed bundle. */
const NAMES = 'unit.names.json';

/** The bundles' findings; those of the readable one first, since they point closer to the cause. */
function gate(made: Bundle, flashBytes: number): string[] {
  const device = deviceGlobals();
  const readable = checkBundle(made.readable, device);
  if (readable.length > 0) return lines(readable, made.map, READABLE);
  return lines(checkBundle(made.minified, { ...device, flashBytes }), made.minifiedMap, FLASHED);
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

const { minifiedBytes } = JSON.parse(readFileSync(`${root}firmware/budget.json`, 'utf8')) as {
  minifiedBytes: number;
};
mkdirSync(dist, { recursive: true });
try {
  const made = await bundle(entry, { file: dist + READABLE, keptNames: keptNames() });
  write(READABLE, made.readable);
  write(`${READABLE}.map`, made.map);
  const refusals = gate(made, minifiedBytes);
  if (refusals.length > 0) throw new Error(refusals.join('\n'));
  write(NAMES, `${JSON.stringify(made.names, null, 1)}\n`);
  write(FLASHED, made.minified);
  const bytes = Buffer.byteLength(made.minified);
  const share = Math.round((100 * bytes) / minifiedBytes);
  const format = (count: number): string => count.toLocaleString('en-GB');
  console.log(`${FLASHED} ${format(bytes)} bytes of ${format(minifiedBytes)} (${share} %)`);
} catch (error) {
  rmSync(dist + FLASHED, { force: true });
  console.error((error as Error).message);
  process.exitCode = 1;
}
