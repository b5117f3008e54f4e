/** The OpenAPI 3.1 document, made of the routes' own schemas. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

const DESCRIPTION = `The way in to the reference control room of co-responder units. A dispatch system
gives it each emergency call at the instant the ambulance is sent; the partner's own control (police or
fire) says where it has capacity; everybody else reads. Give a call again as often as needed: it is one
call. What was answered with 2xx is in the ledger and survives a crash.`;

export async function describe(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Co-responder control room', description: DESCRIPTION, version: '1.0.0' },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'One token per role: ambulance, partner, viewer.',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}
