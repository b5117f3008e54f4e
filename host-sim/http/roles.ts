/**
 * Who may do what: one token per role. Rule: a token is in no command line, no error and no log, and
 * how long its comparison takes says nothing of it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../exit-codes.js';
import { MIN_TOKEN_CHARS } from './limits.js';

/** `ambulance` gives calls, `partner` opens and closes its gates, all read. */
export const ROLES = ['ambulance', 'partner', 'viewer'] as const;
export type Role = (typeof ROLES)[number];
export type Tokens = Readonly<Record<Role, string>>;

/** Environment variables that a service's own keeper of secrets fills. */
export const TOKEN_VARIABLES: Readonly<Record<Role, string>> = {
  ambulance: 'CONTROL_TOKEN_AMBULANCE',
  partner: 'CONTROL_TOKEN_PARTNER',
  viewer: 'CONTROL_TOKEN_VIEWER',
};

const token = z
  .string()
  .min(MIN_TOKEN_CHARS)
  .regex(/^[\w.~+/-]+=*$/);
const tokenFile = z.strictObject({ ambulance: token, partner: token, viewer: token });

/**
 * The tokens of a JSON file `{ ambulance, partner, viewer }`.
 * @throws UserError if there is no such file, or a token in it is missing, too short or used twice
 */
export function tokensFromFile(path: string): Tokens {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserError('fileMissing', `tokens: ${path}: no such file`);
    }
    // What a parser says of JSON may quote it.
    throw new UserError('badFile', `tokens: ${path}: expected JSON, found something else`);
  }
  return checked(content, (role) => `${path}: ${role}`);
}

/** The tokens of the environment, or null if it has none. @throws UserError as above */
export function tokensFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Tokens | null {
  const found = ROLES.filter((role) => environment[TOKEN_VARIABLES[role]] !== undefined);
  if (found.length === 0) return null;
  const content = Object.fromEntries(
    found.map((role) => [role, environment[TOKEN_VARIABLES[role]]]),
  );
  return checked(content, (role) => TOKEN_VARIABLES[role]);
}

function checked(content: unknown, nameOf: (role: Role) => string): Tokens {
  const { data, error } = tokenFile.safeParse(content);
  if (!data) {
    const role = ROLES.find((name) => error.issues.some(({ path }) => path[0] === name));
    const where = role ? nameOf(role) : nameOf('ambulance');
    throw new UserError(
      'badFile',
      `token ${where}: expected one for each of ${ROLES.join(', ')}, of at least ` +
        `${MIN_TOKEN_CHARS} letters, digits and -._~+/`,
    );
  }
  if (new Set(Object.values(data)).size < ROLES.length) {
    throw new UserError('badFile', `token ${nameOf('ambulance')}: two roles have the same token`);
  }
  return data;
}

/** Gives the role of an `Authorization` header, or null. */
export function createRoleOf(tokens: Tokens): (authorization: string | undefined) => Role | null {
  const known = ROLES.map((role) => ({ role, digest: digestOf(tokens[role]) }));
  return (authorization) => {
    const given = digestOf(/^Bearer +(.+)$/i.exec(authorization ?? '')?.[1] ?? '');
    let found: Role | null = null;
    // All of them each time, by digests of one length.
    for (const { role, digest } of known) if (timingSafeEqual(digest, given)) found = role;
    return found;
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
