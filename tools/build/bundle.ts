/**
 * Makes one ES5 script of the compiled modules: rollup joins them in order of their imports into
 * one scope, terser makes that small. Nothing is written here.
 *
 * Every warning is an error, because each one rollup has (a cycle, an import that leads nowhere)
 * is a fault on an interpreter that does not hoist.
 */
import { existsSync, readFileSync } from 'node:fs';
import { rollup, type OutputPlugin, type Plugin } from 'rollup';
import { minify, type MinifyOptions } from 'terser';
import { MAKER, markRare, moveRare } from './rare.js';

/** The one global that the unit's script makes. */
export const GLOBAL_NAME = 'unit';

export interface Bundle {
  /** For people; its last line names the map, as a file beside it. */
  readonly readable: string;
  /** From `readable` to the TypeScript sources. */
  readonly map: string;
  /** For the device. */
  readonly minified: string;
  /** The same before its rare functions were taken out: what the gate reads. */
  readonly whole: string;
  /** From `whole` to the TypeScript sources. */
  readonly minifiedMap: string;
  /** Property names of the sources, with what they are called in `minified`. */
  readonly names: Readonly<Record<string, string>>;
}

/** Gives rollup the maps that tsc wrote beside its modules. */
const compilerMaps: Plugin = {
  name: 'compiler-maps',
  load(id) {
    const map = existsSync(`${id}.map`) ? readFileSync(`${id}.map`, 'utf8') : null;
    return { code: readFileSync(id, 'utf8'), map };
  },
};

/** The default export becomes a global. */
function globalFor(globalName: string): OutputPlugin {
  const exported = /export \{ (\w+) as default \};\s*$/;
  return {
    name: 'global-for-export',
    renderChunk(code) {
      if (!exported.test(code)) throw new Error('the entry has no default export');
      return { code: code.replace(exported, `var ${globalName} = $1;\n`), map: null };
    },
  };
}

const SMALL = {
  ecma: 5,
  compress: {
    ecma: 5,
    passes: 3,
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
    // What a rare function takes from `arguments` stays there.
    arguments: false,
    // A function used once is made where it is called: each call then takes about a sixth longer,
    // but the unit keeps some 400 variables, of 2,500, that named functions would hold for ever.
    reduce_funcs: true,
    // `typeof x` is safe for a name that does not exist, what it would be turned into is not.
    typeofs: false,
    // Else a call before a loop moves into its header, where the interpreter takes a function for a
    // statement.
    loops: false,
    // Cases stay in the order in which they were written, `default` last.
    switches: false,
  },
  format: { ecma: 5, ascii_only: true, comments: false },
} satisfies MinifyOptions;

export interface BundleOptions {
  /** The global that the script is known by; the unit's without one. */
  readonly globalName?: string;
  /**
   * `global`: what the modules declare are globals too, which saves a variable in every function,
   * for its scope. Only for a script that has the interpreter for itself. Else one function.
   */
  readonly scope?: 'global' | 'function';
  /** Where the readable text will be, since the map's paths start there. */
  readonly file?: string;
  /** Property names that stay as they are; without a list, all stay. */
  readonly keptNames?: readonly string[];
}

/** Bundles the compiled module `entry` and all that it imports. */
export async function bundle(entry: string, options: BundleOptions = {}): Promise<Bundle> {
  const {
    globalName = GLOBAL_NAME,
    scope = 'function',
    file = `${globalName}.readable.js`,
    keptNames,
  } = options;
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
    ...(scope === 'global'
      ? { format: 'es', plugins: [globalFor(globalName)] }
      : { format: 'iife', name: globalName }),
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
  // On the device a name of more than four characters costs a variable in every record.
  const properties = keptNames && { builtins: true, keep_quoted: true, reserved: [...keptNames] };
  const nameCache: NameCache = {};
  const isGlobal = scope === 'global';
  // Only what has the interpreter for itself knows the file that it was read from.
  const marked = isGlobal ? markRare(code) : { code, rare: [] };
  const small = await minify(marked.code, {
    ...SMALL,
    compress: { ...SMALL.compress, toplevel: isGlobal, top_retain: [globalName] },
    mangle: {
      toplevel: isGlobal,
      reserved: [globalName, MAKER],
      ...(properties ? { properties } : {}),
    },
    nameCache,
    sourceMap: { content: mapText },
  });
  if (!small.code || typeof small.map !== 'string') {
    throw new Error(`terser gave nothing for ${entry}`);
  }
  const vars = nameCache.vars?.props ?? {};
  const rare = new Set(marked.rare.map((name) => vars[`$${name}`] ?? name));
  return {
    readable: code,
    map: mapText,
    minified: moveRare(`${small.code}\n`, rare),
    whole: `${small.code}\n`,
    minifiedMap: small.map,
    names: namesOf(nameCache.props?.props ?? {}),
  };
}

interface NameCache {
  vars?: { props?: Record<string, string> };
  props?: { props?: Record<string, string> };
}

/** Terser marks each name in its cache with a `$`. */
function namesOf(cache: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(cache).map(([long, short]) => [long.slice(1), short] as const);
  return Object.fromEntries(pairs.filter(([long, short]) => long !== short));
}
