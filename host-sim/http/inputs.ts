/** What other systems tell the control room: the ambulance service its calls, the partner its capacity. */
import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Call, Line } from '../control-room/events.js';
import type { ControlPort } from './port.js';
import { HttpProblem } from './problem.js';
import {
  byId,
  INVALID,
  NONE,
  json,
  only,
  problem,
  REFUSALS,
  tokens,
  typed,
  type RouteOptions,
} from './route.js';
import * as schemas from './schemas.js';

const REFUSED_INPUT = {
  400: INVALID,
  404: NONE,
  413: problem('The body is too long.'),
  ...REFUSALS,
};
const byReference = z.object({ reference: z.string() });

export function addInputs(server: FastifyInstance, options: RouteOptions): void {
  const app = typed(server);
  const { port, partner } = options;
  app.post(
    '/calls',
    {
      ...only(options, 'ambulance'),
      schema: {
        ...tokens,
        operationId: 'giveCall',
        summary: 'Gives an emergency call, at the instant the ambulance is sent.',
        description: 'The same call again is answered the same, and nothing is done twice.',
        body: schemas.call,
        response: {
          201: json('It is in the ledger.', schemas.callAnswer),
          400: INVALID,
          409: problem('Another call has this callId.'),
          413: problem('The body is too long.'),
          ...REFUSALS,
        },
      },
    },
    async ({ body }, reply) => {
      const incident = await takeCall(port, body);
      reply.code(201).header('location', `/incidents/${encodeURIComponent(incident.id)}`);
      return { callId: body.callId, incident: incident.id };
    },
  );

  app.post(
    '/ambulances/:reference',
    {
      ...only(options, 'ambulance'),
      schema: {
        ...tokens,
        operationId: 'reportAmbulance',
        summary: 'Says that an ambulance is on scene, or clear.',
        description: 'Units that are not needed any more are then stood down, as the scheme says.',
        params: byReference,
        body: schemas.ambulance,
        response: { 200: json('It is known.', schemas.lineAnswer), ...REFUSED_INPUT },
      },
    },
    async ({ params: { reference }, body: { what } }) => {
      const lines = await port.take({ do: 'ambulance', reference, what });
      return answerOf(port, lines, 'ambulance', `ambulance ${reference} of an incident`);
    },
  );

  app.post(
    '/incidents/:id/outcome',
    {
      ...only(options, 'ambulance'),
      schema: {
        ...tokens,
        operationId: 'closeIncident',
        summary: 'Says how an incident ended, and closes it.',
        description:
          'Units that are still alerted for it are stood down. Said again it is the same.',
        params: byId,
        body: schemas.outcome,
        response: {
          200: json('It is closed.', schemas.lineAnswer),
          409: problem('It was closed with another outcome.'),
          ...REFUSED_INPUT,
        },
      },
    },
    async ({ params: { id: incident }, body }) => {
      const known = port.incident(incident)?.outcome;
      if (known && !isDeepStrictEqual(known, body)) {
        throw new HttpProblem(409, `incident ${incident} was closed with another outcome`);
      }
      const lines = await port.take({ do: 'closeIncident', incident, ...body });
      return answerOf(port, lines, 'closed', `incident ${incident}`);
    },
  );

  app.post(
    '/capacity',
    {
      ...only(options, 'partner'),
      schema: {
        ...tokens,
        operationId: 'sayCapacity',
        summary: 'Opens or closes the gate of an area, or of all of them.',
        body: schemas.capacity,
        response: {
          200: json('It is in the ledger.', schemas.capacityAnswer),
          ...REFUSED_INPUT,
          404: problem('The scheme has no such area.'),
        },
      },
    },
    async ({ body }) => {
      const lines = await port.take({ do: 'capacity', partner, role: 'partner', ...body });
      return { area: body.area, open: body.open, line: lineOfCapacity(lines, body.area) };
    },
  );
}

/** The incident of a call, be it new or given before. */
async function takeCall(port: ControlPort, call: Call): Promise<schemas.IncidentView> {
  const known = port.incidentOfCall(call.callId);
  if (known && !isDeepStrictEqual(known.call, call)) {
    throw new HttpProblem(409, `callId: ${call.callId} is another call, of incident ${known.id}`);
  }
  // (One that is given twice at once is handed on too: it then waits, like the first, until it is safe.)
  await port.take({ do: 'call', call });
  const incident = known ?? port.incidentOfCall(call.callId);
  if (!incident) throw new Error(`call ${call.callId} led to no incident`);
  return incident;
}

/** The line that tells an input; one that was told before has one of another kind, or none. */
function answerOf(port: ControlPort, lines: readonly Line[], what: string, whose: string) {
  const stray = lines.find((line) => line.what === 'stray');
  const isUnknown = stray?.reasons?.some((reason) => reason.startsWith('unknown'));
  if (isUnknown) throw new HttpProblem(404, `there is no ${whose}`);
  const line = lines.find((each) => each.what === what);
  return { line: line?.n ?? stray?.n ?? port.lastLine() };
}

/** The ledger's line of a change of capacity. */
function lineOfCapacity(lines: readonly Line[], area: string): number {
  const line = lines.find(({ what }) => what === 'capacity' || what === 'capacityRefused');
  if (line?.what === 'capacity') return line.n;
  const reasons = line?.reasons ?? [];
  if (reasons.includes('unknownArea')) {
    throw new HttpProblem(404, `area: the scheme has none of the id ${area}`);
  }
  throw new HttpProblem(403, `refused, for the reasons ${reasons.join(', ')}`);
}
