/** Whether the control room is on duty, as its retained state topic tells. */
import { ControlState } from '../../protocol/codes.js';
import type { Hello } from '../../protocol/generated/hello.js';

export interface Control {
  session: number;
  onDuty: boolean;
}

export function createControl(): Control {
  return { session: 0, onDuty: false };
}

/** A will of an older session of the control room says nothing about the one that is there now. */
export function controlState(control: Control, hello: Hello): void {
  if (hello.session < control.session) return;
  control.session = hello.session;
  control.onDuty = hello.state === ControlState.onDuty;
}
