/** `dispatch`: one job to one unit, for bench tests, followed until a person answers. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Category, Refusal, Step } from '../../protocol/codes.js';
import { inWords, nameOf, type Fields } from '../../protocol/host/messages.js';
import type { Received } from '../../protocol/host/unit-peer.js';
import { UserError } from '../exit-codes.js';
import { openFleet } from '../fleet/folder.js';
import { confirm, integer, say, unitOptions, type UnitFlags } from './options.js';
import { checkFields, nowS, openSession } from './orders.js';

interface DispatchFlags extends UnitFlags {
  readonly reference: string;
  readonly category: keyof typeof Category;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly address: string;
  readonly note: string;
  readonly expiresIn: number;
}

const degrees = (most: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() !== '' && Math.abs(value) <= most) return value;
  throw new InvalidArgumentError(`Expected degrees from -${most} to ${most}.`);
};

export function addDispatch(program: Command): void {
  unitOptions(program.command('dispatch'), 60)
    .description('sends one job to one unit, for bench tests, and follows it until it is answered')
    .argument('<unit>', 'call sign or unit id')
    .requiredOption('--reference <text>', "the ambulance service's reference")
    .addOption(
      new Option('--category <name>', 'what it is for')
        .choices(Object.keys(Category))
        .default('test'),
    )
    .option('--latitude <deg>', 'of the incident, WGS 84', degrees(90))
    .option('--longitude <deg>', 'of the incident, WGS 84', degrees(180))
    .option('--address <text>', 'where to go, in words', '')
    .option('--note <text>', 'what the crew should know first', '')
    .option('--expires-in <s>', 'seconds until it must not sound any more', integer(1, 86400), 600)
    .action(dispatch);
}

async function dispatch(name: string, flags: DispatchFlags): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  const unit = fleet.find(name);
  const who = `${unit.callSign} (${unit.unitId})`;
  const fields = fieldsOf(flags, nowS());
  checkFields('dispatch', fields);
  if (flags.dryRun) {
    say(flags, { unit: unit.unitId, dryRun: true, dispatch: fields }, `would dispatch ${who}`);
    return;
  }
  await confirm(flags, `sound the alarm of ${who}: ${flags.category}, ${flags.reference}?`);
  const session = await openSession(fleet, unit, flags);
  try {
    const dispatchId = session.kept.nextDispatchId(nowS());
    const isOfIt = ({ message }: Received) => message['dispatchId'] === dispatchId;
    session.onMessage((received) => {
      if (isOfIt(received)) tell(flags, unit.unitId, received);
    });
    const end = session.wait((each) => isOfIt(each) && isEnd(each), flags.follow * 1000);
    await session.send('dispatch', { ...fieldsOf(flags, nowS()), dispatchId });
    say(
      flags,
      { unit: unit.unitId, dispatchId, sent: true },
      `dispatch ${dispatchId} sent to ${who}`,
    );
    judge(await end, who, dispatchId, flags.follow);
  } finally {
    await session.close();
  }
}

function fieldsOf(flags: DispatchFlags, atS: number): Fields {
  const scaled = (value: number | undefined) =>
    value === undefined ? null : Math.round(value * 1e7);
  const issuedAt = atS * 1000;
  return {
    dispatchId: 1,
    category: Category[flags.category],
    expiresAt: issuedAt + flags.expiresIn * 1000,
    issuedAt,
    latitudeE7: scaled(flags.latitude),
    longitudeE7: scaled(flags.longitude),
    ambulanceReference: flags.reference,
    address: flags.address,
    note: flags.note,
  };
}

/** An answer of the crew, or what leaves nothing to answer. */
function isEnd({ name, message }: Received): boolean {
  if (name === 'response') return true;
  const ends: readonly number[] = [Step.refused, Step.expired, Step.stoodDown];
  return name === 'receipt' && ends.includes(message['step'] as number);
}

function tell(flags: DispatchFlags, unit: string, { name, message }: Received): void {
  const words = inWords(name, message);
  const what = words['step'] ?? words['answer'];
  const seconds = ((message['elapsedMs'] as number) / 1000).toFixed(1);
  say(flags, { unit, name, ...words }, `${seconds.padStart(6)} s  ${name.padEnd(8)}  ${what}`);
}

function judge(end: Received | null, who: string, id: number, followS: number): void {
  if (!end) {
    const next = `stand-down withdraws dispatch ${id}`;
    throw new UserError('noAnswer', `${who}: nobody answered within ${followS} s; ${next}`);
  }
  if (end.name === 'response') return;
  const step = nameOf(Step, end.message['step'] as number);
  const refusal = nameOf(Refusal, end.message['refusal'] as number);
  throw new UserError(
    'checkFailed',
    `${who}: the dispatch was ${step}${refusal === 'none' ? '' : `: ${refusal}`}`,
  );
}
