import { Server as TlsServer } from 'node:tls';
import { fastify } from 'fastify';
import { ForescaleError } from '../platform/errors.ts';
import type { ServingCertificate } from '../platform/tls/serving-certificate.ts';
import { type ApiInstance, validatorCompiler } from './instance.ts';
import { type ApiLimits, defaultLimits } from './limits.ts';
import { registerPage } from './page.ts';
import type { ApiOptions } from './ports.ts';
import { createProblemHandler } from './problems.ts';
import { registerReference } from './reference.ts';
import { registerAdHocRoutes } from './routes/ad-hoc-routes.ts';
import { registerExplanationRoute } from './routes/explanation-route.ts';
import { registerServerRoutes } from './routes/server-routes.ts';
import { registerWorkloadRoutes } from './routes/workload-routes.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { createTokenGuard } from './token.ts';

/** A Kubernetes name is at most 253 characters; anything longer is no workload of ours. */
const maxNameCharacters = 253;

/** Builds the forecasting API and the page (design.md §4.4), ready to listen or to inject requests into. */
export async function createApiApp(options: ApiOptions): Promise<ApiInstance> {
  const limits: ApiLimits = { ...defaultLimits, ...options.limits };
  const handleProblem = createProblemHandler(options.log);
  const { certificates } = options;
  const app: ApiInstance = fastify({
    https: certificates === undefined ? null : tlsOptions(certificates.current()),
    bodyLimit: limits.bodyBytes,
    // Time to receive a whole request, and of silence on a socket; an ad-hoc forecast must fit into the latter.
    requestTimeout: 15_000,
    connectionTimeout: limits.adHocTimeoutMs + 15_000,
    // Above the idle timeout of common load balancers (60 s), so that they and not we close first.
    keepAliveTimeout: 72_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: maxNameCharacters },
    frameworkErrors: handleProblem,
  });
  certificates?.onRenewal((renewed) => {
    // A socket that stands keeps the certificate it was greeted with.
    if (app.server instanceof TlsServer) app.server.setSecureContext(tlsOptions(renewed));
  });
  app.setValidatorCompiler(validatorCompiler);
  // The schemas are the answers' documentation and their types; the compiler holds the handlers to them.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler(handleProblem);
  app.setNotFoundHandler((request) => {
    throw new ForescaleError(
      'not-found',
      `there is no ${request.method} ${pathOf(request.url)}; GET /openapi.json lists the routes`,
    );
  });
  // Text sent by a form of another site would pass for JSON; only JSON is taken.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async ({ url }) => {
    if (url.length > limits.urlCharacters) {
      throw new ForescaleError('too-large', `the URL is longer than ${limits.urlCharacters} characters`);
    }
  });
  addSecurityHeaders(app);
  await registerReference(app, options.version);
  const guard = createTokenGuard({
    token: options.token,
    boundToLoopback: options.boundToLoopback,
    log: options.log,
  });
  const serverMode = () => options.modeSwitch?.mode() ?? 'active';
  registerWorkloadRoutes(app, { directory: options.directory, clock: options.clock, limits }, serverMode);
  registerExplanationRoute(app, { directory: options.directory, limits }, serverMode);
  registerAdHocRoutes(app, { adHoc: options.adHoc, guard, limits });
  registerServerRoutes(app, options, guard, serverMode);
  await registerPage(app);
  for (const plugin of options.plugins ?? []) await plugin(app);
  return app;
}

/** The authority of clients is not passed on: whoever asks over HTTP is asked for a token where one is needed. */
function tlsOptions({ certificate, key }: ServingCertificate) {
  return { cert: certificate, key };
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
