/** Units of a real fleet for the bench: what `fleet export` writes of each. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { unpackKeys } from '../../protocol/seal/keys.js';
import { checkSettings, type UnitSettings } from '../../protocol/settings.js';
import { UserError } from '../exit-codes.js';

const settings = z.custom<UnitSettings>((value) => typeof checkSettings(value) !== 'string', {
  error: ({ input }) => `expected settings of a unit, found a bad ${String(checkSettings(input))}`,
});

const keysRecord = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64').toString('latin1'))
  .refine((record) => unpackKeys(record) !== null, 'expected the record keys of a unit');

const unitSchema = z.object({
  settings,
  kind: z.enum(['vehicle', 'station']),
  place: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
  keysRecord,
});

export type FleetRecord = z.infer<typeof unitSchema>;

/** @throws UserError that says what is missing or wrong, and where; it repeats no value */
export function readFleetFile(path: string): FleetRecord[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError('badFile', `--fleet: ${path}: no JSON`);
    throw new UserError('fileMissing', `--fleet: ${path}: no such file; fleet export writes one`);
  }
  const result = z.array(unitSchema).min(1).safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UserError('badFile', `--fleet: ${path}: ${issue?.path.join('.')}: ${issue?.message}`);
}
