/** What the routes have in common: who may ask, and the forms of an answer. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { WorldClock } from '../world/clock.js';
import type { ControlPort } from './port.js';
import { HttpProblem, PROBLEM_TYPE } from './problem.js';
import { ROLES, type Role } from './roles.js';
import * as schemas from './schemas.js';

export interface RouteOptions {
  readonly port: ControlPort;
  readonly clock: WorldClock;
  /** The partner whose token it is, as the scheme names it. */
  readonly partner: string;
  /** The role of a request's token, or null. */
  readonly roleOf: (authorization: string | undefined) => Role | null;
  /** Ends the streams. */
  readonly signal: AbortSignal;
}

export const typed = (server: FastifyInstance) => server.withTypeProvider<ZodTypeProvider>();

export const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});
export const problem = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: schemas.problem } },
});
export const REFUSALS = {
  401: problem('No token, or none that is known.'),
  403: problem('The token of another role.'),
  429: problem('Too much at once; Retry-After says when to come again.'),
};
export const NONE = problem('There is none of that id.');
export const INVALID = problem('What was sent is not as expected.');
export const byId = z.object({ id: z.string() });
export const tokens = { security: [{ token: [] }] };

/** A route for these roles: found out before anything of the request is read. */
export function only(options: RouteOptions, ...roles: readonly Role[]) {
  return { onRequest: async (request: FastifyRequest) => allow(options, request, roles) };
}

/** All may read. */
export function anyone(options: RouteOptions) {
  return only(options, ...ROLES);
}

function allow(options: RouteOptions, request: FastifyRequest, roles: readonly Role[]): void {
  const role = options.roleOf(request.headers.authorization);
  const expected = `the token of ${roles.join(', ').replace(/, (\w+)$/, ' or $1')}`;
  if (!role) {
    const challenge = { 'www-authenticate': 'Bearer' };
    throw new HttpProblem(401, `authorization: expected ${expected}, found none known`, challenge);
  }
  if (!roles.includes(role)) {
    throw new HttpProblem(403, `authorization: expected ${expected}, found that of ${role}`);
  }
}

export function none(what: string, id: string): never {
  throw new HttpProblem(404, `there is no ${what} of the id ${id}`);
}
