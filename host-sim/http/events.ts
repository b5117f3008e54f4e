/** The ledger as a stream that a client may leave and take up again. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { MAX_STREAMS } from './limits.js';
import { HttpProblem } from './problem.js';
import { anyone, INVALID, problem, REFUSALS, tokens, typed, type RouteOptions } from './route.js';
import { line } from './lines.js';
import { eventStream } from './stream.js';

export function addEvents(server: FastifyInstance, options: RouteOptions): void {
  const app = typed(server);
  const { port, clock, signal } = options;
  let streams = 0;
  app.get(
    '/events',
    {
      ...anyone(options),
      schema: {
        ...tokens,
        operationId: 'followLedger',
        summary:
          'The ledger, line by line, from its first line or after Last-Event-ID, without end.',
        headers: z.object({
          'last-event-id': z
            .string()
            .regex(/^\d{1,15}$/, 'expected the number of a line')
            .optional()
            .describe('Number of the last line that the client has.'),
        }),
        response: {
          200: {
            description: 'Server-sent events: id is the number of a line, data the line as JSON.',
            content: { 'text/event-stream': { schema: line } },
          },
          400: INVALID,
          409: problem('The client has a line that this ledger has not.'),
          503: problem('As many streams as there may be are open.'),
          ...REFUSALS,
        },
      },
    },
    async ({ headers, raw }, reply) => {
      const after = Number(headers['last-event-id'] ?? 0);
      if (after > port.lastLine()) {
        const last = port.lastLine();
        throw new HttpProblem(409, `last-event-id: expected at most ${last}, found ${after}`);
      }
      if (streams >= MAX_STREAMS) {
        const retry = { 'retry-after': '5' };
        throw new HttpProblem(503, `streams: expected at most ${MAX_STREAMS} at once`, retry);
      }
      streams++;
      const ended = new AbortController();
      raw.socket.once('close', () => ended.abort());
      const either = AbortSignal.any([signal, ended.signal]);
      const stream = Readable.from(eventStream(port, clock, after, either));
      stream.once('close', () => streams--);
      // Its connection ends with it, so that stopping waits for none that is kept for later.
      reply.headers({ 'cache-control': 'no-store', connection: 'close' });
      reply.type('text/event-stream');
      // (What is written is text already: the type is that of each line.)
      return reply.send(stream as never);
    },
  );
}
