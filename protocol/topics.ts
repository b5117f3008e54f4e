/** The topics of SPEC section 3. A broker's access list can pin a unit to its own three. */
import { isUnitId } from './settings.js';

const ROOT = 'cr/1/';

export function downTopic(unitId: string): string {
  return ROOT + 'unit/' + unitId + '/down';
}
export function upTopic(unitId: string): string {
  return ROOT + 'unit/' + unitId + '/up';
}
/**
 * Retained: the unit's birth, or its will.
 * @rare
 */
export function stateTopic(unitId: string): string {
  return ROOT + 'unit/' + unitId + '/state';
}
/** What a control room subscribes to: every unit's up and state topics. */
export function everyUnitUp(): string {
  return ROOT + 'unit/+/up';
}
export function everyUnitState(): string {
  return ROOT + 'unit/+/state';
}
/** The unit id within a unit's topic of this version, or '' where it is none. */
export function unitOfTopic(topic: string): string {
  const unitId = topic.split('/')[3] || '';
  const isTopicOfUnit =
    topic === upTopic(unitId) || topic === stateTopic(unitId) || topic === downTopic(unitId);
  return isTopicOfUnit && isUnitId(unitId) ? unitId : '';
}
