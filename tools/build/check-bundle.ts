/**
 * The gate: refuses a bundle that the unit's interpreter would run otherwise than Node, or not at
 * all. The rules are in `rules/`; each says what it found and what to write instead.
 */
import { parse, type Program } from 'acorn';
import { PARSE_RULE, rules } from './rules/index.js';
import { resolveNames } from './rules/names.js';
import type { GateOptions } from './rules/rule.js';
import { sizeRule } from './rules/text.js';

export type { GateOptions } from './rules/rule.js';

export interface Finding {
  readonly rule: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly found: string;
  readonly instead: string;
}

/** All findings, in order of the source. */
export function checkBundle(source: string, options: GateOptions): Finding[] {
  const program = parseEs5(source);
  if ('rule' in program) return [program];
  const subject = { source, program, names: resolveNames(program), options };
  const findings: Finding[] = [];
  for (const rule of rules) {
    for (const { at, found, instead } of rule.check(subject)) {
      findings.push({ rule: rule.id, ...position(source, at), found, instead });
    }
  }
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The finding that the script is too long, if it is. */
export function checkSize(source: string, mostBytes: number): Finding[] {
  const program = parseEs5(source);
  if ('rule' in program) return [program];
  const options = { globals: new Set<string>(), modules: new Set<string>(), flashBytes: mostBytes };
  const subject = { source, program, names: resolveNames(program), options };
  return sizeRule
    .check(subject)
    .map(({ found, instead }) => ({ rule: sizeRule.id, line: 1, column: 1, found, instead }));
}

/** The tree, or the finding that says why there is none. */
function parseEs5(source: string): Program | Finding {
  try {
    return parse(source, { ecmaVersion: 5 });
  } catch (error) {
    const at = (error as { pos: number }).pos;
    const line = source.slice(at).split('\n', 1)[0] ?? '';
    const what = parses(source) ? 'a feature later than ES5' : 'a syntax error';
    return {
      rule: PARSE_RULE,
      ...position(source, at),
      found: `${what} at \`${line.slice(0, 30)}\``,
      instead: 'ES5, as tsc gives with target ES5',
    };
  }
}

function parses(source: string): boolean {
  try {
    parse(source, { ecmaVersion: 'latest' });
    return true;
  } catch {
    return false;
  }
}

function position(source: string, at: number): { line: number; column: number } {
  const before = source.slice(0, at);
  return {
    line: before.split('\n').length,
    column: at - before.lastIndexOf('\n'),
  };
}
