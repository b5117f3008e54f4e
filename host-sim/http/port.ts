/**
 * What the HTTP endpoint needs of a control room, and all that it knows of one. Whoever has another
 * control room implements this and gets the same endpoint.
 */
import type { Input, Line } from '../control-room/events.js';
import type { IncidentView, UnitView } from './schemas.js';

export interface ControlPort {
  /**
   * Takes what happened. Resolves with the lines that it led to once they are safe in the ledger.
   * @throws (rejects) if the ledger cannot keep them: then nothing was decided
   */
  take(input: Input): Promise<readonly Line[]>;
  units(): readonly UnitView[];
  unit(id: string): UnitView | undefined;
  incidents(): readonly IncidentView[];
  incident(id: string): IncidentView | undefined;
  /** The incident that a call led to, by the ambulance service's id of that call. */
  incidentOfCall(callId: string): IncidentView | undefined;
  /** Some of the lines from number `from` on, in order; none only where there are none. */
  lines(from: number): Promise<readonly Line[]>;
  /** Number of the last line that is safe; 0 for none. */
  lastLine(): number;
  /** Told whenever more lines are safe. Gives what ends it. */
  onLines(listener: () => void): () => void;
}
