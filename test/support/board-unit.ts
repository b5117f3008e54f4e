/** A unit that tests make of boards, and the way there over a cable. */
import { UnitKind } from '../../protocol/codes.js';
import { keysRecord } from '../../protocol/host/keys.js';
import { readBundle } from '../../tools/board/bundle-files.js';
import { BoardConsole, type ConsoleOptions } from '../../tools/board/console.js';
import type { ByteLine } from '../../tools/board/line.js';
import { planProvisioning, type Plan } from '../../tools/board/plan.js';
import { bringUp, lookAtBoard, type ProvisionEvents } from '../../tools/board/provision.js';
import type { PlanOptions } from '../../tools/board/refusal.js';
import type { WantedUnit } from '../../tools/board/wanted-unit.js';

export const SECRET = Buffer.alloc(32, 7);
export const PASSWORD = 'Rr0_-console-pw9';

export interface UnitChoice {
  readonly unitId?: string;
  readonly generation?: number;
  /** Of the broker on loopback. */
  readonly port?: number;
  readonly nowS?: number;
}

export function wantedUnit(choice: UnitChoice = {}): WantedUnit {
  const { unitId = 'met-bx01', generation = 1, port = 1883, nowS = 1_795_000_000 } = choice;
  return {
    unitId,
    callSign: 'BX01',
    settings: {
      unitId,
      callSign: 'BX01',
      kind: UnitKind.vehicle,
      host: '127.0.0.1',
      port,
      user: unitId,
      password: 'broker-password-of-it',
      ssid: 'vehicle',
      wifiPassword: 'wifi-password-of-it',
    },
    certificate: null,
    keysRecord: keysRecord(SECRET, unitId, generation),
    laterKeysRecords: [],
    consolePassword: PASSWORD,
    firmware: readBundle(),
    nowS,
  };
}

/** A unit that no board has been yet. */
export const FIRST: PlanOptions = { anew: false, isIssued: false };

/** As the command does it. @throws Error with the kind and words of a refusal */
export async function provisionOver(
  line: ByteLine,
  wanted: WantedUnit,
  options: PlanOptions = FIRST,
  console: ConsoleOptions = {},
  events: ProvisionEvents = {},
): Promise<Plan> {
  const board = new BoardConsole(line, { passwords: [wanted.consolePassword], ...console });
  try {
    const plan = planProvisioning(await lookAtBoard(board), wanted, options);
    if ('why' in plan) throw new Error(`${plan.kind}: ${plan.why}`);
    await bringUp(board, plan, events);
    return plan;
  } finally {
    await board.close();
  }
}
