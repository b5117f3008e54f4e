/**
 * Property names that the bundle must not shorten, because something outside it knows them: the
 * language and Espruino's API, as the declaration files have them, and the unit's settings, which
 * are JSON. The bench's bundle has more: what the host calls there.
 */
import { readFileSync } from 'node:fs';
import ts from 'typescript';

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

/**
 * Those of this project.
 * @param more further files whose names are kept
 */
export function keptNames(more: readonly string[] = []): string[] {
  const texts = [...DECLARATIONS, ...JSON_RECORDS, ...more].map((file) =>
    readFileSync(new URL(file, root), 'utf8'),
  );
  return [...new Set(texts.flatMap(memberNames))].sort();
}
