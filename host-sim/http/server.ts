/** The HTTP endpoint of a control room: it only validates, checks the role, and hands on. */
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { UserError } from '../exit-codes.js';
import type { WorldClock } from '../world/clock.js';
import { describe } from './document.js';
import { MAX_BODY_BYTES, MAX_REQUESTS_PER_MINUTE, REQUEST_TIMEOUT_MS } from './limits.js';
import type { ControlPort } from './port.js';
import { answerProblems, HttpProblem } from './problem.js';
import { createRoleOf, type Tokens } from './roles.js';
import { addEvents } from './events.js';
import { addInputs } from './inputs.js';
import { addViews } from './views.js';

export interface HttpOptions {
  readonly port: ControlPort;
  readonly clock: WorldClock;
  readonly tokens: Tokens;
  /** The partner whose control has the token of that role. */
  readonly partner: string;
  /** Told of what this program does wrong, as whoever asks is not. */
  readonly onFault: (error: Error) => void;
}

export interface HttpEndpoint {
  /** Gives its URL. Port 0 takes any. @throws UserError if the port is in use */
  listen(port: number, host: string): Promise<string>;
  /** Takes no more, answers what it has taken, ends the streams. */
  close(): Promise<void>;
}

export async function createHttpEndpoint(options: HttpOptions): Promise<HttpEndpoint> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { ignoreTrailingSlash: true },
  });
  const ended = new AbortController();
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerProblems(app, options.onFault);
  await describe(app);
  await app.register(rateLimit, {
    max: MAX_REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    errorResponseBuilder: (_request, { max, after }) =>
      new HttpProblem(429, `requests: expected at most ${max} a minute; come again in ${after}`),
  });
  const routes = { ...options, roleOf: createRoleOf(options.tokens), signal: ended.signal };
  addInputs(app, routes);
  addViews(app, routes);
  addEvents(app, routes);
  app.addHook('preClose', async () => ended.abort());
  await app.ready();
  return {
    listen: (port, host) => listen(app, port, host),
    close: () => app.close(),
  };
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<string> {
  try {
    return await app.listen({ port, host });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UserError('inUse', `port ${port} of ${host} is in use: take another by --port`);
  }
}
