import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ExemplarLabels } from './metrics.ts';
import { isSampled, receivedBaggage, receivedTrace, traceHeaders } from './trace-context.ts';
import type { Span, SpanStart, Tracing } from './tracing.ts';

/** What is known of a request from its arrival on. */
export interface RequestTrace {
  /** On the clock of `performance.now()`. */
  readonly startedMs: number;
  readonly span: Span;
  /** What goes along with the calls it leads to. */
  readonly baggage: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** There from its arrival on, where the routes are watched (`RequestTraces`). */
    trace: RequestTrace | null;
  }
}

export interface RequestTraces {
  /** Follows every request of the routes registered with `instance`. */
  watch(instance: FastifyInstance): void;
  of(request: FastifyRequest): RequestTrace;
  /** Where to find the request among the traces; undefined where nobody records it. */
  exemplar(request: FastifyRequest): ExemplarLabels | undefined;
}

export function createRequestTraces(tracing: Tracing): RequestTraces {
  const begin = (request: FastifyRequest): RequestTrace => ({
    startedMs: performance.now(),
    span: tracing.serve(receivedTrace(request.headers), () => spanStart(request)),
    baggage: receivedBaggage(request.headers),
  });
  return {
    watch(instance) {
      instance.decorateRequest('trace', null);
      instance.addHook('onRequest', (request, reply, done) => {
        const trace = begin(request);
        request.trace = trace;
        // Not onResponse: that hook is not called for a client that left.
        if (trace.span.isRecorded) {
          reply.raw.on('close', () => trace.span.end(outcomeOf(reply.statusCode, reply.raw.writableEnded)));
        }
        done();
      });
    },
    of: (request) => (request.trace ??= begin(request)),
    exemplar({ trace }) {
      if (!trace || !isSampled(trace.span.context)) return undefined;
      const { traceId, spanId } = trace.span.context;
      return { trace_id: traceId, span_id: spanId };
    },
  };
}

/** The headers that make a call within `span` part of the trace. */
export function headersWithin(span: Span, { baggage }: RequestTrace): Record<string, string> {
  return traceHeaders(span.context, baggage);
}

function spanStart({ method, url, routeOptions }: FastifyRequest): SpanStart {
  const route = routeOptions.url;
  return {
    name: route === undefined ? method : `${method} ${route}`,
    attributes: {
      'http.request.method': method,
      'url.path': url.split('?', 1)[0] ?? '',
      'url.scheme': 'http',
      ...(route === undefined ? {} : { 'http.route': route }),
    },
  };
}

function outcomeOf(status: number, isAnswered: boolean): { status: number; error?: string } {
  if (!isAnswered) return { status, error: 'client-left' };
  return status >= 500 ? { status, error: String(status) } : { status };
}
