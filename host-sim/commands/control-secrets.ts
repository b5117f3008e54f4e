/**
 * What a control room keeps to itself: the fleet's secret, its login at the broker, and a token per
 * role. From environment variables, or from a file that sets the same ones. Rule: none is ever given
 * on a command line or printed.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { MIN_SECRET_BYTES } from '../../protocol/host/keys.js';
import { BENCH_SECRET } from '../bench/bench.js';
import type { BrokerLogin } from '../bench/networks.js';
import { UserError } from '../exit-codes.js';
import { TOKEN_VARIABLES, tokensFrom, type Tokens } from '../http/roles.js';

export const FLEET_SECRET_VARIABLE = 'CONTROL_FLEET_SECRET';
export const BROKER_VARIABLES = ['CONTROL_BROKER_USER', 'CONTROL_BROKER_PASSWORD'] as const;

export interface ControlSecrets {
  readonly tokens: Tokens;
  readonly fleetSecret: Uint8Array;
  /** Whether it is the bench's own, which everybody may read. */
  readonly isBenchSecret: boolean;
  readonly login?: BrokerLogin;
  /** Whether the file was begun, with random tokens. */
  readonly isNew: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * @param path of the file; what the environment sets goes before it. Where there is none, and the
 *   environment has no token either, it is begun with random tokens that only its owner may read.
 * @throws UserError that names the variable, and never what it is
 */
export function controlSecrets(environment: Variables, path: string): ControlSecrets {
  const isSet = Object.values(TOKEN_VARIABLES).some((name) => environment[name] !== undefined);
  const file = read(path);
  const isNew = file === null && !isSet;
  const variables = { ...(file ?? (isNew ? begin(path) : {})), ...environment };
  const fleetSecret = fleetSecretOf(variables);
  const login = loginOf(variables);
  return {
    tokens: tokensFrom(variables),
    fleetSecret: fleetSecret ?? BENCH_SECRET,
    isBenchSecret: fleetSecret === null,
    ...(login && { login }),
    isNew,
  };
}

function read(path: string): Variables | null {
  try {
    return parseEnv(readFileSync(path, 'utf8')) as Variables;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new UserError('badFile', `--secrets: ${path}: cannot be read (${code})`);
  }
}

function begin(path: string): Variables {
  const tokens = Object.values(TOKEN_VARIABLES).map((name) => [
    name,
    randomBytes(24).toString('hex'),
  ]);
  const text = tokens.map(([name, token]) => `${name}=${token}\n`).join('');
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError('badFile', `--secrets: ${path}: cannot be written (${code})`);
  }
  return Object.fromEntries(tokens) as Variables;
}

function fleetSecretOf(variables: Variables): Uint8Array | null {
  const text = variables[FLEET_SECRET_VARIABLE];
  if (text === undefined) return null;
  if (new RegExp(`^([0-9a-f]{2}){${MIN_SECRET_BYTES},}$`, 'i').test(text)) {
    return Buffer.from(text, 'hex');
  }
  const expected = `at least ${MIN_SECRET_BYTES} bytes as hexadecimal digits`;
  throw new UserError(
    'badFile',
    `${FLEET_SECRET_VARIABLE}: expected ${expected}, found another text`,
  );
}

function loginOf(variables: Variables): BrokerLogin | null {
  const [username, password] = BROKER_VARIABLES.map((name) => variables[name]);
  if (username === undefined && password === undefined) return null;
  if (username !== undefined && password !== undefined) return { username, password };
  throw new UserError('badFile', `${BROKER_VARIABLES.join(', ')}: expected both, found one`);
}
