/** Whether the control room is there: its `hello` comes every minute (SPEC CR-073). */
import { ControlState } from '../../protocol/codes.js';
import type { Hello } from '../../protocol/generated/hello.js';

/** Two that are missed are no accident (SPEC CR-074). */
export const CONTROL_PATIENCE_MS = 150000;

export interface Control {
  heardAtMs: number;
  onDuty: boolean;
}

export function createControl(): Control {
  return { heardAtMs: 0, onDuty: false };
}

export function hearControl(control: Control, hello: Hello, nowMs: number): void {
  control.heardAtMs = nowMs;
  control.onDuty = hello.state === ControlState.onDuty;
}

export function isOnDuty(control: Control, nowMs: number): boolean {
  return control.onDuty && nowMs - control.heardAtMs < CONTROL_PATIENCE_MS;
}
