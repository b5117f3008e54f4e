/** Every message of the protocol. */
import type { MessageTable } from './table.js';
import { aed } from './messages/aed.js';
import { birth } from './messages/birth.js';
import { command } from './messages/command.js';
import { death } from './messages/death.js';
import { dispatch } from './messages/dispatch.js';
import { health } from './messages/health.js';
import { hello } from './messages/hello.js';
import { position } from './messages/position.js';
import { receipt } from './messages/receipt.js';
import { response } from './messages/response.js';
import { standDown } from './messages/stand-down.js';

export const messageTables: readonly MessageTable[] = [
  dispatch,
  standDown,
  hello,
  command,
  birth,
  death,
  receipt,
  response,
  aed,
  position,
  health,
];
