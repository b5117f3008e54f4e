/** The ledger's lines as the endpoint describes them: every kind, every step, every field. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { z } from 'zod';
import { KINDS } from '../../../host-sim/control-room/fold.js';
import { line } from '../../../host-sim/http/lines.js';
import { Rig, NORTH, SOUTH, northOf, smallScheme } from '../control-room/rig.js';
import { startEndpoint } from './endpoint.js';

const test = suite('the lines of the ledger');

interface Document {
  readonly components: {
    readonly schemas: Record<
      string,
      { oneOf?: { $ref: string }[]; properties?: Record<string, { const?: string }> }
    >;
  };
}

test('every kind of line that the ledger has is in the OpenAPI document, and no other', async () => {
  const at = await startEndpoint();
  const response = await at.ask(null, '/openapi.json');
  const { schemas } = ((await response.json()) as Document).components;
  await at.close();
  const described = schemas['Line']?.oneOf?.map(({ $ref }) => {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return schemas[name]?.properties?.['what']?.const;
  });
  assert.equal(described?.sort(), [...KINDS].sort());
  assert.ok(described?.includes('update') && described.includes('updateSent'));
});

/** A morning in which everything happens that a ledger can tell. */
function everything(): Rig {
  const rig = new Rig({ ...smallScheme(), expectedPerWeek: 1 });
  const known = { standard: 'approved-first-aid', verifiedUntil: '2017-12-31', available: true };
  rig.take({ do: 'training', responder: 'R1', skill: 'bls-aed', trainedOn: '2017-07-01' });
  for (const [i, unit] of ['NO-V001', 'NO-V002', 'NO-V003'].entries()) {
    rig.ready(unit, northOf(NORTH, 300 * i));
    rig.report(unit, { kind: 'crewing', responders: ['R1'] });
  }
  rig.report('NO-V001', { kind: 'crew', state: 'committed' });
  rig.take({ do: 'volunteerIs', volunteer: 'V1', ...known, place: NORTH });
  rig.call({ ambulanceReference: '' });
  rig.call({ ambulanceEtaS: 400 });
  rig.take({ do: 'volunteer', volunteer: 'V1', incident: 'C1', what: 'accepted' });
  const alertId = rig.alertOf('NO-V002');
  rig.step(alertId, 'sent');
  rig.call({ text: 'Behind the church.' });
  rig.take({ do: 'updateSent', alertId, revision: 1 });
  rig.report('NO-V003', { kind: 'alive', alive: false });
  rig.step(alertId, 'accepted');
  rig.step(alertId, 'onScene');
  rig.step(alertId, 'handedOver');
  rig.pass(smallScheme().alerting.expiresAfterS);
  rig.call({ callId: 'C2', ambulanceReference: 'A2', place: SOUTH });
  rig.report('NO-V001', { kind: 'crew', state: 'available' });
  rig.call({ callId: 'C3', ambulanceReference: 'A3' });
  rig.take({ do: 'ambulance', reference: 'A3', what: 'onScene' });
  rig.capacity('north', false);
  rig.capacity('north', true, 'viewer');
  rig.take({ do: 'closeIncident', incident: 'C1', patients: 1, resuscitatedAndTransported: 1 });
  rig.take({ do: 'closeIncident', incident: 'C9', patients: 1, resuscitatedAndTransported: 0 });
  rig.pass(smallScheme().alerting.jobEndsAfterS);
  return rig;
}

test('a ledger with every kind of line fits the description, to the last field', () => {
  const rig = everything();
  const kinds = new Set(rig.lines.map(({ what }) => what));
  assert.equal(
    KINDS.filter((kind) => !kinds.has(kind)),
    [],
  );
  const shapes = new Map(
    line.options.map((option) => [[...option.shape.what.values][0], option.shape as z.ZodRawShape]),
  );
  for (const each of rig.lines) {
    const { error } = line.safeParse(each);
    assert.not.ok(error, `${JSON.stringify(each)}: ${error?.message}`);
    const undescribed = Object.keys(each).filter(
      (field) => !(field in (shapes.get(each.what as never) ?? {})),
    );
    assert.equal(undescribed, [], each.what);
  }
});

test.run();
