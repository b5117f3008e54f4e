/**
 * Makes one ES5 script of the compiled modules: rollup joins them in order of their imports into
 * one function scope, terser makes that small. Nothing is written here.
 *
 * Every warning is an error, because each one rollup has (a cycle, an import that leads nowhere)
 * is a fault on an interpreter that does not hoist.
 */
import { existsSync, readFileSync } from 'node:fs';
import { rollup, type Plugin } from 'rollup';
import { minify, type MinifyOptions } from 'terser';

/** The one global that the script makes. */
export const GLOBAL_NAME = 'unit';

export interface Bundle {
  /** For people; its last line names the map, as a file beside it. */
  readonly readable: string;
  /** From `readable` to the TypeScript sources. */
  readonly map: string;
  /** For the device. */
  readonly minified: string;
  /** From `minified` to the TypeScript sources. */
  readonly minifiedMap: string;
}

/** Gives rollup the maps that tsc wrote beside its modules. */
const compilerMaps: Plugin = {
  name: 'compiler-maps',
  load(id) {
    const map = existsSync(`${id}.map`) ? readFileSync(`${id}.map`, 'utf8') : null;
    return { code: readFileSync(id, 'utf8'), map };
  },
};

const SMALL: MinifyOptions = {
  ecma: 5,
  mangle: true,
  compress: {
    ecma: 5,
    passes: 2,
    unsafe: false,
    // Constant records such as `Refusal` become numbers.
    hoist_props: true,
    // What moves declarations away from where they were written is off: nothing is hoisted.
    hoist_funs: false,
    hoist_vars: false,
    // `if` stays `if`, and a call's result its variable: a call within an operator or among
    // another call's arguments takes about twice the stack, and running out of it cannot be caught.
    conditionals: false,
    collapse_vars: false,
    // A function used once stays a statement: as an expression it would be made at each call.
    reduce_funcs: false,
    // `typeof x` is safe for a name that does not exist, what it would be turned into is not.
    typeofs: false,
    // Cases stay in the order in which they were written, `default` last.
    switches: false,
  },
  format: { ecma: 5, ascii_only: true, comments: false },
};

/**
 * Bundles the compiled module `entry` and all that it imports; `file` is where the readable text
 * will be, since the map's paths start there.
 */
export async function bundle(entry: string, file = `${GLOBAL_NAME}.readable.js`): Promise<Bundle> {
  const warnings: string[] = [];
  const joined = await rollup({
    input: entry,
    plugins: [compilerMaps],
    onLog(level, log) {
      if (level === 'warn') warnings.push(log.message);
    },
  });
  const { output } = await joined.generate({
    file,
    format: 'iife',
    name: GLOBAL_NAME,
    strict: false,
    freeze: false,
    esModule: false,
    generatedCode: 'es5',
    indent: '  ',
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await joined.close();
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  const { code, map } = output[0];
  if (!map) throw new Error(`no source map for ${entry}`);
  const mapText = map.toString();
  const small = await minify(code, { ...SMALL, sourceMap: { content: mapText } });
  if (!small.code || typeof small.map !== 'string')
    throw new Error(`terser gave nothing for ${entry}`);
  return { readable: code, map: mapText, minified: `${small.code}\n`, minifiedMap: small.map };
}
