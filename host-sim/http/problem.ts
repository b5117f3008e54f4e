/** Errors as RFC 9457 gives them: what was expected, what was found, and where. */
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { MAX_BODY_BYTES } from './limits.js';
import type { Problem } from './schemas.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** An answer that is no success, for a handler to throw. */
export class HttpProblem extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** What this program does wrong is told to whoever runs it, never to whoever asks. */
export function answerProblems(app: FastifyInstance, onFault: (error: Error) => void): void {
  app.setErrorHandler((error: FastifyError | HttpProblem, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500 && !(error instanceof HttpProblem)) onFault(error);
    if (error instanceof HttpProblem) reply.headers(error.headers);
    const detail = detailOf(error, status);
    return send(request, reply, status, detail, invalidParts(error, request));
  });
  app.setNotFoundHandler((request, reply) =>
    send(
      request,
      reply,
      404,
      `nothing is at ${request.method} ${pathOf(request)}: see /openapi.json`,
    ),
  );
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  detail: string,
  errors: Problem['errors'] = [],
): FastifyReply {
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance: pathOf(request),
    ...(errors.length > 0 ? { errors } : {}),
  };
  // (As text, so that no route's schema is asked for an answer that any route may give.)
  return reply.code(status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

function detailOf(error: FastifyError | HttpProblem, status: number): string {
  if (hasZodFastifySchemaValidationErrors(error)) return 'what was sent is not as expected';
  if (error instanceof HttpProblem || status === 429) return error.message;
  if (status === 413) return `body: expected at most ${MAX_BODY_BYTES} bytes, found more`;
  if (status === 415) return 'content-type: expected application/json, found another';
  if (status < 500) return 'body: expected JSON, found something else';
  return 'a fault of the control room itself; its own log has more';
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}

const MAX_FOUND_CHARS = 80;

function invalidParts(error: Error, request: FastifyRequest): Problem['errors'] {
  if (!hasZodFastifySchemaValidationErrors(error)) return [];
  const sent = error.validationContext === 'headers' ? request.headers : request.body;
  return error.validation.map(({ instancePath, message }) => ({
    where: instancePath === '/' ? '' : instancePath,
    expected: message ?? '',
    found: foundAt(sent, instancePath),
  }));
}

function foundAt(sent: unknown, pointer: string): string {
  let value = sent;
  for (const name of pointer.split('/').filter(Boolean)) {
    value = (value as Record<string, unknown> | null | undefined)?.[name];
  }
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, MAX_FOUND_CHARS);
}
