/** `decode`: any message of the protocol, sealed or plain, with the names and units of its fields. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Option, type Command } from 'commander';
import { UserError } from '../exit-codes.js';
import {
  SINCE_1970,
  bytesOf,
  captured,
  decode,
  isSealed,
  topicsOf,
  type Decoded,
  type DecodedField,
} from '../fleet/decode.js';
import { openFleet, refuseSecret, type Fleet } from '../fleet/folder.js';
import { fleetOptions, say, type FleetFlags } from './options.js';

const MAX_FAULTS_SHOWN = 100;

interface DecodeFlags extends FleetFlags {
  readonly capture?: string;
  readonly unit?: string;
}

export function addDecode(program: Command): void {
  fleetOptions(program.command('decode'))
    .description('a message, sealed or plain: its fields with names and units')
    .argument('[message]', 'in hex or base64')
    .option('--unit <unit>', 'whose it is; without, every unit of the fleet is tried')
    .addOption(
      new Option('--capture <file>', "lines of mosquitto_sub -F '%U %t %x'").conflicts('unit'),
    )
    .action(decodeCommand);
}

async function decodeCommand(message: string | undefined, flags: DecodeFlags): Promise<void> {
  if ((message === undefined) === (flags.capture === undefined)) {
    throw new UserError('usage', 'expected a message, or --capture FILE');
  }
  if (message !== undefined) decodeOne(message, flags);
  else await decodeCapture(flags.capture as string, flags);
}

function decodeOne(text: string, flags: DecodeFlags): void {
  const payload = bytesOf(text);
  if (!payload) throw new UserError('usage', 'expected the message in hex or base64');
  const fleet = isSealed(payload) ? openFleet(flags.fleet, flags) : null;
  const decoded = decode(
    payload,
    fleet && { secret: fleet.secret(), topics: topics(fleet, flags) },
  );
  if (typeof decoded === 'string') throw new UserError('checkFailed', decoded);
  say(flags, decoded, inLines(decoded));
}

function topics(fleet: Fleet, { unit }: DecodeFlags): string[] {
  const units = unit === undefined ? fleet.units : [fleet.find(unit)];
  return units.flatMap(({ unitId }) => topicsOf(unitId));
}

/** Reads every line, however many there are, and then says which it could not. */
async function decodeCapture(path: string, flags: DecodeFlags): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  refuseSecret(flags.fleet, path);
  const secret = fleet.secret();
  const faults: string[] = [];
  let count = 0;
  let number = 0;
  for await (const line of linesOf(path)) {
    number++;
    if (line.trim() === '') continue;
    const caught = captured(line);
    const decoded =
      typeof caught === 'string'
        ? caught
        : decode(caught.payload, { secret, topics: [caught.topic] });
    if (typeof decoded !== 'string') {
      say(flags, { line: number, ...decoded }, `${path}:${number}\n${inLines(decoded)}\n`);
    } else if (++count <= MAX_FAULTS_SHOWN) faults.push(`${path}:${number}: ${decoded}`);
  }
  if (count === 0) return;
  if (count > faults.length) faults.push(`and ${count - faults.length} lines more`);
  throw new UserError('badFile', `${path}: not every line could be read\n${faults.join('\n')}`);
}

/** A day of a fleet is more than fits in memory. @throws UserError as `readText` does */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path, { encoding: 'utf8' });
  try {
    await once(file, 'open');
    yield* createInterface({ input: file, crlfDelay: Infinity });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError('fileMissing', `${path}: no such file`);
    throw new UserError('badFile', `${path}: could not be read: ${message}`);
  } finally {
    file.destroy();
  }
}

function inLines({ name, direction, seal, fields }: Decoded): string {
  const sealed = seal
    ? `, sealed: ${seal.topic}, generation ${seal.generation}, counter ${seal.counter}`
    : ', plain';
  const lines = fields.map(
    (field) => `  ${field.name.padEnd(20)} ${shown(field).padEnd(26)} ${field.about}`,
  );
  return [`${name} (${direction}${sealed})`, ...lines].join('\n');
}

function shown({ value, unit }: DecodedField): string {
  if (value === null) return 'unknown';
  if (unit === SINCE_1970) return new Date(value as number).toISOString();
  return unit === '' ? String(value) : `${value} ${unit}`;
}
