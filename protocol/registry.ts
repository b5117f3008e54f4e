/** Every message of the protocol. */
import type { MessageTable } from './table.js';
import { aed } from './messages/aed.js';
import { birth } from './messages/birth.js';
import { command } from './messages/command.js';
import { config } from './messages/config.js';
import { death } from './messages/death.js';
import { dispatch } from './messages/dispatch.js';
import { health } from './messages/health.js';
import { hello } from './messages/hello.js';
import { outcome } from './messages/outcome.js';
import { position } from './messages/position.js';
import { receipt } from './messages/receipt.js';
import { response } from './messages/response.js';
import { standDown } from './messages/stand-down.js';
import { status } from './messages/status.js';
import { update } from './messages/update.js';

export const messageTables: readonly MessageTable[] = [
  dispatch,
  standDown,
  hello,
  command,
  update,
  config,
  birth,
  death,
  receipt,
  response,
  aed,
  position,
  health,
  status,
  outcome,
];
