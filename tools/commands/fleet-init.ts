/** `fleet init`: an empty fleet in a new folder. */
import type { Command } from 'commander';
import type { z } from 'zod';
import { UserError } from '../exit-codes.js';
import { expected } from '../fleet/expected.js';
import { createFleet, paths } from '../fleet/folder.js';
import { fleetSchema } from '../fleet/schema.js';
import { newSecret, readDescriptor, secretCheck, secretFrom } from '../fleet/secret.js';
import { changeOptions, integer, say, type ChangeFlags } from './options.js';

interface InitFlags extends ChangeFlags {
  readonly service: string;
  readonly scheme: string;
  readonly broker: string[];
  readonly ssid: string;
  readonly wifiPasswordEnv?: string;
  readonly wifiPasswordFd?: number;
}

export function addFleetInit(fleet: Command): void {
  changeOptions(fleet.command('init'))
    .description('makes a fleet folder, with a new secret unless one is given')
    .requiredOption('--service <name>', 'whose units they are, such as met')
    .requiredOption('--scheme <name>', 'rules of its control room, such as london')
    .requiredOption('--broker <url...>', 'mqtt://HOST:PORT or mqtts://; the first is provisioned')
    .requiredOption('--ssid <name>', "name of the vehicles' wireless network")
    .option('--wifi-password-env <name>', 'environment variable with its password')
    .option('--wifi-password-fd <n>', 'file descriptor to read it from', integer(0, 1023))
    .action(init);
}

function init(flags: InitFlags): void {
  const given = secretFrom(flags);
  const secret = given ?? newSecret();
  const file = fleetSchema.safeParse({
    version: 1,
    service: flags.service,
    scheme: flags.scheme,
    brokers: flags.broker.map(parseBroker),
    ssid: flags.ssid,
    secretCheck: secretCheck(secret),
    access: 1,
    defaults: {},
  });
  if (!file.success) {
    const [issue] = file.error.issues as [z.core.$ZodIssue];
    throw new UserError('usage', `${issue.path.join('.')}: expected ${expected(issue)}`);
  }
  const wifiPassword = readWifiPassword(flags);
  if (!flags.dryRun) {
    createFleet(flags.fleet, file.data, { secret: given ? null : secret, wifiPassword });
  }
  const where = given ? 'given from outside, and kept nowhere' : paths(flags.fleet).secret;
  say(
    flags,
    { fleet: flags.fleet, dryRun: flags.dryRun ?? false, secret: given ? 'outside' : 'file' },
    `${flags.dryRun ? 'would make' : 'made'} fleet ${flags.fleet}; its secret: ${where}`,
  );
}

function parseBroker(url: string) {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const tls = parsed?.protocol === 'mqtts:';
  if (!parsed?.hostname || (!tls && parsed.protocol !== 'mqtt:') || parsed.username !== '') {
    throw new UserError('usage', '--broker: expected mqtt://HOST:PORT or mqtts://HOST:PORT');
  }
  return { host: parsed.hostname, port: Number(parsed.port || (tls ? 8883 : 1883)), tls };
}

function readWifiPassword({ wifiPasswordEnv, wifiPasswordFd }: InitFlags): string {
  if (wifiPasswordFd !== undefined) {
    return readDescriptor(wifiPasswordFd, `file descriptor ${wifiPasswordFd}`);
  }
  if (wifiPasswordEnv === undefined) return '';
  const password = process.env[wifiPasswordEnv];
  if (password !== undefined) return password;
  throw new UserError('secret', `environment variable ${wifiPasswordEnv}: not set`);
}
