/**
 * What waits in the outbox and must survive a power cut: what the crew said and what became of an
 * order first, then steps of dispatches, as far as there is room. What had left already goes again
 * as the same bytes, so that the control room knows it for what it has (CR-026).
 */
import { RECEIPT_TYPE } from '../../protocol/generated/receipt.js';
import { MAX_WAITING, freshPacketId, post, type Outbox, type Waiting } from './outbox.js';

/** Flash and memory that it may take: some five messages. */
export const MAX_KEPT_CHARS = 240;

/**
 * How many messages wait that are kept, and how many of them have left, as one number: while it is
 * the same, flash need not be told anew. 0 if there are none.
 * @rare
 */
export function keptState(outbox: Outbox): number {
  let state = 0;
  for (let i = 0; i < outbox.waiting.length; i++) {
    const message = outbox.waiting[i] as Waiting;
    if (message.keep !== 0) state += message.packetId === 0 ? 1 : 1 + 2 * MAX_WAITING;
  }
  return state;
}

/**
 * Whether a message of this type waits.
 * @rare
 */
export function waits(outbox: Outbox, type: number): boolean {
  for (let i = 0; i < outbox.waiting.length; i++) {
    if ((outbox.waiting[i] as Waiting).type === type) return true;
  }
  return false;
}

/**
 * As text: of each message its type, whether it has left, its length, and what it holds.
 * @rare
 */
export function saveKept(outbox: Outbox): string {
  return add(outbox, add(outbox, '', false), true);
}

/** @rare */
function add(outbox: Outbox, text: string, receipts: boolean): string {
  for (let i = 0; i < outbox.waiting.length; i++) {
    const message = outbox.waiting[i] as Waiting;
    const length = message.content.length;
    const isMeant = message.keep !== 0 && (message.type === RECEIPT_TYPE) === receipts;
    if (isMeant && text.length + 3 + length <= MAX_KEPT_CHARS) {
      const hasLeft = message.packetId !== 0 ? 1 : 0;
      text += String.fromCharCode(message.type, hasLeft, length) + message.content;
    }
  }
  return text;
}

/**
 * Puts what was saved into an empty outbox. What is cut off is passed over.
 * @rare
 */
export function restoreKept(outbox: Outbox, text: string): void {
  let at = 0;
  while (at + 3 <= text.length) {
    const end = at + 3 + text.charCodeAt(at + 2);
    if (end > text.length) return;
    post(outbox, text.charCodeAt(at), text.substring(at + 3, end), true);
    if (text.charCodeAt(at + 1) === 1) {
      const packetId = freshPacketId(outbox);
      (outbox.waiting[outbox.waiting.length - 1] as Waiting).packetId = packetId;
    }
    at = end;
  }
}
