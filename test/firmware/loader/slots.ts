/** Slots in every state, and what the loader has to make of them. */
import { crc32 } from 'node:zlib';

export const SLOT_DAMAGE = [
  'wrong crc',
  'shorter',
  'longer',
  'no info',
  'torn info',
  'no text',
] as const;

export type SlotState = 'good' | 'absent' | (typeof SLOT_DAMAGE)[number];

export function infoOf(sequence: number, text: string): string {
  return `${sequence},${text.length},${crc32(Buffer.from(text, 'latin1'))}`;
}

/** The files of a slot in this state. */
export function slotFiles(
  letter: string,
  state: SlotState,
  sequence: number,
  text: string,
): Record<string, string> {
  const info = infoOf(sequence, text);
  const [app, about] = [`app.${letter}`, `app.${letter}.i`];
  if (state === 'absent') return {};
  if (state === 'wrong crc') return { [app]: text.replace('unit', 'unot'), [about]: info };
  if (state === 'shorter') return { [app]: text.slice(0, -1), [about]: info };
  if (state === 'longer') return { [app]: text + ' ', [about]: info };
  if (state === 'no info') return { [app]: text };
  if (state === 'torn info') return { [app]: text, [about]: info.slice(0, -2) + '\xff\xff' };
  if (state === 'no text') return { [about]: info };
  return { [app]: text, [about]: info };
}

/** By the sequences of the slots, 0 for one that is not whole, and the boot file. */
export function expectedStart(a: number, b: number, boot: string): { slot: string; boot: string } {
  const whole = [
    { slot: 'a', sequence: a },
    { slot: 'b', sequence: b },
  ].filter(({ sequence }) => sequence > 0);
  whole.sort((one, other) => other.sequence - one.sequence);
  const [, last = '', digit = '0', failed = ''] = /^([ab])(\d)(?:,(\d+))?$/.exec(boot) ?? [];
  const known = (sequence: number) => String(sequence) === failed;
  // One that is known to fail comes last.
  if (whole.length === 2 && known((whole[0] as { sequence: number }).sequence)) whole.reverse();
  const [first, second] = whole;
  // What is not there is still given one more try.
  if (!first) return { slot: '', boot: boot.startsWith('a3') ? boot.replace('3', '2') : boot };
  const failures = first.slot === last ? Number(digit) : 0;
  const rest = failed && `,${failed}`;
  if (failures < 3) return { slot: first.slot, boot: first.slot + (failures + 1) + rest };
  if (!second || known(second.sequence)) return { slot: '', boot: first.slot + 2 + rest };
  return { slot: second.slot, boot: `${second.slot}1,${first.sequence}` };
}
