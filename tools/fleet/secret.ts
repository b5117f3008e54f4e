/**
 * The fleet's secret, and the passwords that follow from it. Rule: it comes from a file that only
 * its owner may read, an environment variable or a file descriptor; it is on no command line, and
 * no message, error or log has it or anything made from it but its check.
 */
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { MIN_SECRET_BYTES } from '../../protocol/host/keys.js';
import { UserError } from '../exit-codes.js';

/** Where a secret is to be taken from, instead of the folder's own file. */
export interface SecretSource {
  /** Name of an environment variable. */
  readonly secretEnv?: string;
  /** Number of a file descriptor that is open for reading. */
  readonly secretFd?: number;
}

export const newSecret = (): Buffer => randomBytes(MIN_SECRET_BYTES);

/** The secret from outside, or null where no source is named. */
export function secretFrom({ secretEnv, secretFd }: SecretSource): Buffer | null {
  if (secretEnv !== undefined) {
    const text = process.env[secretEnv];
    if (text !== undefined) return decodeSecret(text, `environment variable ${secretEnv}`);
    throw new UserError('secret', `environment variable ${secretEnv}: not set`);
  }
  if (secretFd !== undefined) {
    const where = `file descriptor ${secretFd}`;
    return decodeSecret(readDescriptor(secretFd, where), where);
  }
  return null;
}

/** One line of text from a descriptor. */
export function readDescriptor(descriptor: number, where: string): string {
  try {
    return readFileSync(descriptor, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError('secret', `${where}: could not be read (${code}); open it as 3<FILE`);
  }
}

/** @throws UserError if the file is open to others than its owner */
export function readSecretFile(path: string): Buffer {
  const text = readOwnerFile(path);
  if (text !== null) return decodeSecret(text, path);
  throw new UserError(
    'secret',
    `${path}: no such file; name the source of the secret by --secret-env or --secret-fd`,
  );
}

/** A file that only its owner may read, or null where there is none. */
export function readOwnerFile(path: string): string | null {
  let mode: number;
  let text: string;
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status) return null;
    ({ mode } = status);
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new UserError('secret', `${path}: could not be read: ${(error as Error).message}`);
  }
  if ((mode & 0o077) === 0) return text;
  const found = (mode & 0o777).toString(8);
  throw new UserError('secret', `${path}: expected mode 600, found ${found}; run chmod 600 on it`);
}

/** Base64 of at least MIN_SECRET_BYTES bytes. What was found is never repeated. */
function decodeSecret(text: string, where: string): Buffer {
  const bytes = Buffer.from(text.trim(), 'base64');
  const isBase64 = bytes.toString('base64') === text.trim();
  if (isBase64 && bytes.length >= MIN_SECRET_BYTES) return bytes;
  const found = isBase64 ? `${bytes.length} bytes` : 'something else';
  throw new UserError(
    'secret',
    `${where}: expected base64 of ${MIN_SECRET_BYTES} bytes or more, found ${found}; ` +
      'openssl rand -base64 32 makes one',
  );
}

/** 16 hexadecimal digits by which a secret is known again. */
export function secretCheck(secret: Uint8Array): string {
  return createHmac('sha256', secret).update('co-responder/1 check').digest('hex').slice(0, 16);
}

const PASSWORD_BYTES = 24;
const CONSOLE_PASSWORD_BYTES = 12;

/** A broker's user's password; another one with each provisioning. 32 characters. */
export function brokerPassword(secret: Uint8Array, user: string, provisioned: number): string {
  return derived(secret, `broker ${user} ${provisioned}`, PASSWORD_BYTES);
}

/** Opens the console of one unit's board. 16 characters. */
export function consolePassword(secret: Uint8Array, unitId: string, provisioned: number): string {
  return derived(secret, `console ${unitId} ${provisioned}`, CONSOLE_PASSWORD_BYTES);
}

/** By HKDF, as the keys are (SPEC CR-120), with an info that no key has. */
function derived(secret: Uint8Array, info: string, bytes: number): string {
  return Buffer.from(hkdfSync('sha256', secret, 'co-responder/1', info, bytes)).toString(
    'base64url',
  );
}
