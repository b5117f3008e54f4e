/** What the control room knows, for whoever may read. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  anyone,
  byId,
  json,
  NONE,
  none,
  REFUSALS,
  tokens,
  typed,
  type RouteOptions,
} from './route.js';
import * as schemas from './schemas.js';

export function addViews(server: FastifyInstance, options: RouteOptions): void {
  const app = typed(server);
  const { port } = options;
  app.get(
    '/units',
    {
      ...anyone(options),
      schema: {
        ...tokens,
        operationId: 'listUnits',
        summary: 'What is known of every unit.',
        response: { 200: json('All units.', z.array(schemas.unitView)), ...REFUSALS },
      },
    },
    async () => [...port.units()],
  );

  app.get(
    '/units/:id',
    {
      ...anyone(options),
      schema: {
        ...tokens,
        operationId: 'getUnit',
        summary: 'What is known of one unit.',
        params: byId,
        response: { 200: json('The unit.', schemas.unitView), 404: NONE, ...REFUSALS },
      },
    },
    async ({ params }) => port.unit(params.id) ?? none('unit', params.id),
  );

  app.get(
    '/incidents',
    {
      ...anyone(options),
      schema: {
        ...tokens,
        operationId: 'listIncidents',
        summary: 'Every call and what was done for it.',
        response: { 200: json('All incidents.', z.array(schemas.incidentView)), ...REFUSALS },
      },
    },
    async () => [...port.incidents()],
  );

  app.get(
    '/incidents/:id',
    {
      ...anyone(options),
      schema: {
        ...tokens,
        operationId: 'getIncident',
        summary: 'A call and what was done for it.',
        params: byId,
        response: { 200: json('The incident.', schemas.incidentView), 404: NONE, ...REFUSALS },
      },
    },
    async ({ params }) => port.incident(params.id) ?? none('incident', params.id),
  );

  app.get(
    '/health',
    {
      schema: {
        operationId: 'health',
        summary: 'Whether it answers; needs no token and tells nothing else.',
        response: { 200: json('It does.', schemas.health), 429: REFUSALS[429] },
      },
    },
    async () => ({ status: 'ok' as const, lastLine: port.lastLine() }),
  );

  // What it says is no secret, and a client reads it before it has a token.
  app.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger());
}
