/** The gate of the partner's own control room: nobody else opens or closes it (L9). */
import type { Scheme } from '../../schemes/schema.js';
import type { Input } from '../events.js';

/** All areas at once. */
export const EVERY_AREA = '*';

/** The only role that may change a gate. */
export const PARTNER_ROLE = 'partner';

/** Why a change of capacity is refused, in codes; none where it is taken. */
export function capacityRefusals(
  { partner, areas }: Scheme,
  change: Extract<Input, { do: 'capacity' }>,
): string[] {
  const reasons: string[] = [];
  if (change.role !== PARTNER_ROLE) reasons.push('notThePartner');
  if (change.partner !== partner.id) reasons.push('unknownPartner');
  const isArea = change.area === EVERY_AREA || areas.some(({ id }) => id === change.area);
  if (!isArea) reasons.push('unknownArea');
  if (change.reason.trim() === '') reasons.push('noReason');
  return reasons;
}
