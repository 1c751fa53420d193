import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ExemplarLabels } from './metrics.ts';
import { isSampled, receivedBaggage, receivedTrace, traceHeaders } from './trace-context.ts';
import type { Span, Tracing } from './tracing.ts';

/** What is known of a request from its arrival on. */
export interface RequestTrace {
  /** On the clock of `performance.now()`. */
  readonly startedMs: number;
  readonly span: Span;
  /** The headers that make a call within `span` part of the trace. */
  headersFor(span: Span): Record<string, string>;
}

export interface RequestTraces {
  /** Follows every request of the routes registered with `instance`. */
  watch(instance: FastifyInstance): void;
  of(request: FastifyRequest): RequestTrace;
  /** Where to find the request among the traces; undefined where nobody records it. */
  exemplar(request: FastifyRequest): ExemplarLabels | undefined;
}

export function createRequestTraces(tracing: Tracing): RequestTraces {
  const traces = new WeakMap<FastifyRequest, RequestTrace>();
  const begin = (request: FastifyRequest): RequestTrace => {
    const { method, headers, routeOptions } = request;
    const route = routeOptions.url;
    const baggage = receivedBaggage(headers);
    const span = tracing.serve(receivedTrace(headers), route === undefined ? method : `${method} ${route}`, {
      'http.request.method': method,
      'url.path': request.url.split('?', 1)[0] ?? '',
      'url.scheme': 'http',
      ...(route === undefined ? {} : { 'http.route': route }),
    });
    return {
      startedMs: performance.now(),
      span,
      headersFor: ({ context }) => traceHeaders(context, baggage),
    };
  };
  return {
    watch(instance) {
      instance.addHook('onRequest', (request, reply, done) => {
        const trace = begin(request);
        traces.set(request, trace);
        // Not onResponse: that hook is not called for a client that left.
        reply.raw.once('close', () => {
          const status = reply.statusCode;
          const error = reply.raw.writableEnded
            ? status >= 500
              ? String(status)
              : undefined
            : 'client-left';
          trace.span.end({ status, ...(error === undefined ? {} : { error }) });
        });
        done();
      });
    },
    of: (request) => traces.get(request) ?? begin(request),
    exemplar(request) {
      const context = traces.get(request)?.span.context;
      if (context === undefined || !isSampled(context)) return undefined;
      return { trace_id: context.traceId, span_id: context.spanId };
    },
  };
}
