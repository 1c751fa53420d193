import { Server as TlsServer } from 'node:tls';
import { type FastifyServerOptions, fastify } from 'fastify';
import { ForescaleError } from '../platform/errors.ts';
import { isLoopback } from '../platform/http/host-port.ts';
import type { ServingCertificate } from '../platform/tls/serving-certificate.ts';
import { addEntityTags } from './http/caching.ts';
import { forwardToShards } from './http/forward-to-shard.ts';
import { createNotFoundHandler } from './http/not-found.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { createTokenGuard, type TokenGuard } from './http/token.ts';
import { type ApiInstance, validatorCompiler } from './instance.ts';
import { type ApiLimits, defaultLimits } from './limits.ts';
import { registerReference } from './openapi/reference.ts';
import { registerPage } from './page.ts';
import type { ApiOptions } from './ports.ts';
import { createProblemHandler } from './problems.ts';
import { registerPrometheusApi } from './prometheus/index.ts';
import { routes } from './routes/index.ts';
import type { RouteContext } from './routes/route.ts';

/** The longest name that Kubernetes allows. */
const maxNameCharacters = 253;

/** Builds the forecasting API and the page (design.md §4.4), ready to listen or to inject requests into. */
export async function createApiApp(options: ApiOptions): Promise<ApiInstance> {
  const limits: ApiLimits = { ...defaultLimits, ...options.limits };
  const app = createServer(options, limits);
  const handleNotFound = createNotFoundHandler(app);
  app.setNotFoundHandler(handleNotFound);
  const guard = createTokenGuard(options);
  refuseEarly(app, limits);
  refuseForeignNames(app, options.boundToLoopback, guard);
  refuseLargeAnswers(app, limits);
  forwardToShards(app, options.shards);
  addEntityTags(app);
  addSecurityHeaders(app);
  await registerReference(app, options.version);
  const context: RouteContext = {
    ...options,
    limits,
    guard,
    peerGuard: options.token === undefined ? async () => undefined : guard,
    serverMode: () => options.modeSwitch?.mode() ?? 'active',
  };
  for (const addRoute of routes) addRoute(app, context);
  await registerPrometheusApi(app, context, handleNotFound);
  await registerPage(app);
  for (const plugin of options.plugins ?? []) await plugin(app);
  return app;
}

/** How often Node looks for requests that take too long: its own 30 s would let a body drip for 45 s in place of 15. */
const connectionsCheckingInterval = 5_000;

/** Compilers given to Fastify when it is made, because it loads its own ones (Ajv, fast-json-stringify) where it has none by then. */
const compilersFactory = {
  buildValidator: () => validatorCompiler,
  // The compiler holds the handlers to the schemas of the answers, so that nothing is checked again at run time.
  buildSerializer: () => () => (answer: unknown) => JSON.stringify(answer),
  // Fastify's types know only the validators of Ajv here.
} as unknown as NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

/** An HTTP or HTTPS server without routes, whose schemas are TypeBox's and whose errors are problem documents. */
function createServer({ certificates, log }: ApiOptions, limits: ApiLimits): ApiInstance {
  const handleProblem = createProblemHandler(log);
  const app: ApiInstance = fastify({
    https: certificates === undefined ? null : tlsOptions(certificates.current()),
    bodyLimit: limits.bodyBytes,
    // Bounds the time to receive a whole request, and the silence on a socket while it is worked on.
    requestTimeout: 15_000,
    connectionTimeout: Math.max(limits.adHocTimeoutMs, limits.whatIfTimeoutMs) + 15_000,
    // Above the idle timeout of common load balancers (60 s), so that they close first and not this server.
    keepAliveTimeout: 72_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: maxNameCharacters },
    frameworkErrors: handleProblem,
    schemaController: { compilersFactory },
  });
  Object.assign(app.server, { maxConnections: limits.connections, connectionsCheckingInterval });
  certificates?.onRenewal((renewed) => {
    // Connections that are open keep the certificate they began with.
    if (app.server instanceof TlsServer) app.server.setSecureContext(tlsOptions(renewed));
  });
  app.setErrorHandler(handleProblem);
  return app;
}

/** Refuses text bodies, which a form of another site can send as JSON, and URLs that are too long. */
function refuseEarly(app: ApiInstance, limits: ApiLimits): void {
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', ({ url }, _reply, done) => {
    if (url.length <= limits.urlCharacters) done();
    else done(new ForescaleError('too-large', `the URL is longer than ${limits.urlCharacters} characters`));
  });
}

/**
 * Asks for the token where a server on loopback is addressed by a name that is not of loopback: a web page can point a name of
 * its own at 127.0.0.1 (DNS rebinding) and would read what this machine's user may read.
 */
function refuseForeignNames(app: ApiInstance, boundToLoopback: boolean, guard: TokenGuard): void {
  if (!boundToLoopback) return;
  app.addHook('onRequest', (request, _reply, done) => {
    if (isLoopback(request.hostname)) done();
    else guard(request).then(() => done(), done);
  });
}

/** Of UTF-8, for each code unit of a string. */
const mostBytesPerCharacter = 3;

/** Refuses to send an answer with data that is larger than any client should be made to read. */
function refuseLargeAnswers(app: ApiInstance, limits: ApiLimits): void {
  const isLarge = (payload: unknown) =>
    typeof payload === 'string' &&
    payload.length * mostBytesPerCharacter > limits.answerBytes &&
    Buffer.byteLength(payload) > limits.answerBytes;
  app.addHook('onSend', (_request, reply, payload, done) => {
    const type = String(reply.getHeader('content-type'));
    if (!isLarge(payload) || !/^(?:application\/(?:json|x-ndjson)|text\/csv)/.test(type)) {
      done(null, payload);
      return;
    }
    const message = `the answer is larger than ${limits.answerBytes} bytes; ask for less of it, for example with limit, from and to`;
    done(new ForescaleError('too-large', message));
  });
}

/** TLS options without the authority of client certificates, because HTTP clients identify themselves by a token. */
function tlsOptions({ certificate, key }: ServingCertificate) {
  return { cert: certificate, key };
}
