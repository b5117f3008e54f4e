/** Labels as files, one for each unit. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../exit-codes.js';
import { writeWhole } from '../fleet/files.js';
import type { FleetUnit } from '../fleet/schema.js';
import type { LabelFormat } from './label.js';

export type { LabelFormat } from './label.js';

export const LABEL_FORMATS: readonly LabelFormat[] = ['pdf', 'svg'];

/** Before the first board is touched. @throws UserError `badFile` if there can be none */
export function makeLabelFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError('badFile', `--labels ${folder}: no folder: ${(error as Error).message}`);
  }
}

/** @returns where it is: call signs may have spaces and slashes, unit ids may not */
export async function writeLabel(
  folder: string,
  format: LabelFormat,
  unit: FleetUnit,
): Promise<string> {
  const { label } = await import('./label.js');
  const path = join(folder, `${unit.unitId}.${format}`);
  writeWhole(path, await label(unit, format));
  return path;
}
