/**
 * Who may do what: one token per role. Rule: a token is in no command line, no error and no log, and
 * how long its comparison takes says nothing of it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
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
const tokens = z.strictObject({ ambulance: token, partner: token, viewer: token });

/**
 * The tokens among the variables of an environment.
 * @throws UserError that names the variable if one is missing, too short, or used twice
 */
export function tokensFrom(variables: Readonly<Record<string, string | undefined>>): Tokens {
  const given = ROLES.map((role) => [role, variables[TOKEN_VARIABLES[role]]]);
  const { data, error } = tokens.safeParse(Object.fromEntries(given));
  if (!data) {
    const role = ROLES.find((name) => error.issues.some(({ path }) => path[0] === name)) as Role;
    throw new UserError(
      'badFile',
      `${TOKEN_VARIABLES[role]}: expected at least ${MIN_TOKEN_CHARS} letters, digits and ` +
        `-._~+/, found ${variables[TOKEN_VARIABLES[role]] ? 'another text' : 'nothing'}`,
    );
  }
  if (new Set(Object.values(data)).size < ROLES.length) {
    const names = Object.values(TOKEN_VARIABLES).join(', ');
    throw new UserError('badFile', `${names}: expected a token for each role, found one twice`);
  }
  return data;
}

/** Gives the role of an `Authorization` header, or null. */
export function createRoleOf(known: Tokens): (authorization: string | undefined) => Role | null {
  const digests = ROLES.map((role) => ({ role, digest: digestOf(known[role]) }));
  return (authorization) => {
    const given = digestOf(/^Bearer +(.+)$/i.exec(authorization ?? '')?.[1] ?? '');
    let found: Role | null = null;
    // All of them each time, by digests of one length.
    for (const { role, digest } of digests) if (timingSafeEqual(digest, given)) found = role;
    return found;
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
