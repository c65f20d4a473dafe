import { requireValue, text } from "../../platform/values.ts";
import { publicUrl } from "./fetch.ts";
import { requireReceiver, type WebhookReceiver } from "./receiver.ts";

/** What is used of Fastify's request. */
export interface FastifyDelivery {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: unknown;
  method: string;
  protocol: string;
  host: string;
  originalUrl: string;
}

/** What is used of Fastify's reply. */
export interface FastifyReply {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: string): unknown;
}

type TakeBody = (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void;

/** What is used of Fastify's scope: structural, so that integ needs no Fastify. */
export interface FastifyScope {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    options: { parseAs: "buffer"; bodyLimit: number },
    parser: TakeBody,
  ): unknown;
  post(
    path: string,
    options: { bodyLimit: number },
    handler: (request: FastifyDelivery, reply: FastifyReply) => Promise<unknown>,
  ): unknown;
}

/**
 * A receiver as a plugin of Fastify: `app.register(fastifyWebhook(receiver, "/webhooks/stripe"))`. In its own scope the
 * body stays raw; the rest of the application parses as before.
 */
export function fastifyWebhook(
  receiver: WebhookReceiver,
  path: string,
): (scope: FastifyScope) => Promise<void> {
  requireReceiver("fastifyWebhook", receiver);
  requireValue("fastifyWebhook: the path", path, text);
  const { maxBytes, origin } = receiver.limits;
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: maxBytes }, (_request, body, done) =>
      done(null, body),
    );
    scope.post(path, { bodyLimit: maxBytes }, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const url = publicUrl(`${request.protocol}://${request.host}${request.originalUrl}`, origin);
      const { headers, method } = request;
      const answer = await receiver.receive({ headers, body, url, method });
      reply.code(answer.status);
      reply.headers({ ...answer.headers });
      return reply.send(answer.body);
    });
  };
}
