/**
 * Property names that the bundle must not shorten, because something outside it knows them: the
 * language and Espruino's API, as the declaration files have them, and the unit's settings, which
 * are JSON; and those by which it must call nothing of its own. The bench's bundle keeps more: what
 * the host calls there.
 */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { absentNames } from './rules/absent.js';

/** Names of all properties, methods and members that a source declares. */
export function memberNames(text: string): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isMember = ts.isPropertySignature(node) || ts.isMethodSignature(node);
    if (isMember && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022));
  return [...names];
}

const root = new URL('../../', import.meta.url);
const DECLARATIONS = ['protocol/device-lib.d.ts', 'firmware/espruino/espruino.d.ts'];
const JSON_RECORDS = ['protocol/settings.ts'];

/** Methods so short that the bundle could call something of its own by them; the gate refuses that. */
const SHORT_METHODS = absentNames.flatMap(({ name }) => /^\.(\w{1,3})\(\)$/.exec(name)?.[1] ?? []);

/**
 * Those of this project.
 * @param more further files whose names are kept
 */
export function keptNames(more: readonly string[] = []): string[] {
  const texts = [...DECLARATIONS, ...JSON_RECORDS, ...more].map((file) =>
    readFileSync(new URL(file, root), 'utf8'),
  );
  return [...new Set([...texts.flatMap(memberNames), ...SHORT_METHODS])].sort();
}
