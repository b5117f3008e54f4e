/** Reads a scheme, by the name of one that is here or from a file, and refuses one that is wrong. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../exit-codes.js';
import { contradictionsOf } from './cross-checks.js';
import { readPublicAeds } from './public-aeds.js';
import { schemeSchema, type Scheme } from './form.js';

export type {
  Area,
  Criterion,
  Eligibility,
  PublicAed,
  Published,
  Scheme,
  Station,
} from './form.js';

const HERE = dirname(fileURLToPath(import.meta.url));

export function schemeNames(): string[] {
  const files = readdirSync(HERE).filter((file) => file.endsWith('.json'));
  return files.map((file) => file.slice(0, -'.json'.length)).sort();
}

/**
 * @param nameOrPath `london`, or the path of a JSON file. Its `publicAeds` may be the name of a CSV
 *   file beside it.
 * @throws UserError that says where, what was expected and what was found
 */
export function loadScheme(nameOrPath: string): Scheme {
  const names = schemeNames();
  const path = names.includes(nameOrPath) ? join(HERE, `${nameOrPath}.json`) : nameOrPath;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    const known = names.join(', ');
    throw new UserError('fileMissing', `${path}: neither a file nor one of the schemes ${known}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError('badFile', `${path}: expected JSON: ${(error as Error).message}`);
  }
  return parseScheme(withPublicAeds(value, path), path);
}

/**
 * @param value as it stands in a file
 * @param path to be named in errors
 */
export function parseScheme(value: unknown, path: string): Scheme {
  const result = schemeSchema.safeParse(value);
  const errors = result.success
    ? contradictionsOf(result.data)
    : result.error.issues.map((issue) => {
        const found = JSON.stringify(at(value, issue.path)) ?? 'nothing';
        return `${issue.path.join('.') || 'file'}: ${issue.message}, found ${shortened(found)}`;
      });
  if (!result.success || errors.length > 0) {
    throw new UserError('badFile', errors.map((error) => `${path}: ${error}`).join('\n'));
  }
  return result.data;
}

function withPublicAeds(value: unknown, path: string): unknown {
  const file = (value as { publicAeds?: unknown } | null)?.publicAeds;
  if (typeof file !== 'string') return value;
  return { ...(value as object), publicAeds: readPublicAeds(join(dirname(path), file)) };
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}

const LONGEST_FOUND_CHARS = 60;

function shortened(text: string): string {
  return text.length > LONGEST_FOUND_CHARS ? `${text.slice(0, LONGEST_FOUND_CHARS)}…` : text;
}
