/** What a crew can say, as a table: where a job stands, and what can be said of it next. */
import { Answer, CrewStatus, DeclineReason } from '../../protocol/codes.js';

/** Where a job stands: the `Answer` that was given last, or one of these. */
export const Stage = {
  /** A dispatch was declined, and why may still be said. */
  declined: -3,
  /** A dispatch, and nobody has touched a button since it came. */
  offered: -2,
  /** A dispatch that is still to be answered. */
  seen: -1,
  /** No job. */
  idle: 0,
} as const;

/**
 * The options of a stage, the usual one first: without a job each is a `CrewStatus`, after a
 * decline a `DeclineReason`, else an `Answer`. A dispatch has none: it is accepted or declined.
 * @rare
 */
export function menuOf(stage: number): readonly number[] {
  switch (stage) {
    case Stage.idle:
      return [CrewStatus.available, CrewStatus.unavailable, CrewStatus.committedElsewhere];
    case Stage.declined:
      return [
        DeclineReason.otherEmergency,
        DeclineReason.aedNotReady,
        DeclineReason.tooFar,
        DeclineReason.other,
      ];
    case Answer.accept:
      return [Answer.enRoute, Answer.onScene, Answer.alreadyOnScene];
    case Answer.enRoute:
      return [Answer.onScene];
    case Answer.onScene:
    case Answer.alreadyOnScene:
      return [Answer.aedTaken, Answer.aedUsed, Answer.handedOver, Answer.notAnArrest, Answer.clear];
    case Answer.aedTaken:
      return [Answer.aedUsed, Answer.handedOver, Answer.notAnArrest, Answer.clear];
    case Answer.aedUsed:
      return [Answer.handedOver, Answer.clear];
    default:
      // Handed over, not an arrest, and what another version knows: any job can be cleared.
      return stage > 0 ? [Answer.clear] : [];
  }
}

/**
 * The option after this one, in a circle; the first if it is none of them.
 * @rare
 */
export function optionAfter(stage: number, option: number): number {
  const menu = menuOf(stage);
  return menu[(menu.indexOf(option) + 1) % menu.length] as number;
}

/**
 * What holding Decline says: of a job that they are called away (Y2), or on scene that it is no
 * arrest; without a job that somebody wants to be asked how they are (N8). 0 for nothing.
 * @rare
 */
export function refusalAt(stage: number): number {
  if (stage === Stage.idle) return Answer.welfare;
  if (stage === Answer.accept || stage === Answer.enRoute) return Answer.decline;
  return menuOf(stage).indexOf(Answer.notAnArrest) < 0 ? 0 : Answer.notAnArrest;
}
