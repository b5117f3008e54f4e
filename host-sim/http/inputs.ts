/** What other systems tell the control room: the ambulance service its calls, the partner its capacity. */
import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance } from 'fastify';
import type { Call, Line } from '../control-room/events.js';
import type { ControlPort } from './port.js';
import { HttpProblem } from './problem.js';
import {
  INVALID,
  json,
  only,
  problem,
  REFUSALS,
  tokens,
  typed,
  type RouteOptions,
} from './route.js';
import * as schemas from './schemas.js';

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
          400: INVALID,
          404: problem('The scheme has no such area.'),
          413: problem('The body is too long.'),
          ...REFUSALS,
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
