import type { FastifyRequest } from 'fastify';
import type { ExemplarLabels } from '../metrics/metrics.ts';
import { isSampled, receivedBaggage, receivedTrace, traceHeaders } from './trace-context.ts';
import type { Span, SpanStart, Tracing } from './tracing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** There from its arrival on, where requests are observed (`observeRequests`). */
    trace: RequestTrace | null;
  }
}

/**
 * What is known of a request from its arrival on. Its part of a trace is looked at when somebody asks, or records it:
 * most requests are neither passed on nor recorded. (A class, as there is one for each request: nothing is closed over.)
 */
export class RequestTrace {
  /** On the clock of `performance.now()`. */
  readonly startedMs = performance.now();
  readonly #request: FastifyRequest;
  readonly #tracing: Tracing;
  #span: Span | undefined;

  constructor(request: FastifyRequest, tracing: Tracing) {
    this.#request = request;
    this.#tracing = tracing;
    if (tracing.isRecording) this.#span = this.span;
  }

  get span(): Span {
    this.#span ??= this.#tracing.serve(receivedTrace(this.#request.headers), () => spanStart(this.#request));
    return this.#span;
  }

  get id(): string {
    return this.span.context.traceId;
  }

  /** What goes along with the calls it leads to. */
  get baggage(): string | undefined {
    return receivedBaggage(this.#request.headers);
  }

  /** Where to find the request among the traces; undefined where nobody records it. */
  get exemplar(): ExemplarLabels | undefined {
    // A trace that begins here is recorded here, or nowhere.
    if (this.#span === undefined && this.#request.headers['traceparent'] === undefined) return undefined;
    const { context } = this.span;
    return isSampled(context) ? { trace_id: context.traceId, span_id: context.spanId } : undefined;
  }

  /** The request was answered with `status`, or its client left. */
  end(status: number, isAnswered: boolean): void {
    if (this.#span?.isRecorded === true) this.#span.end(outcomeOf(status, isAnswered));
  }
}

/** The trace of each request. */
export type RequestTraces = (request: FastifyRequest) => RequestTrace;

export function createRequestTraces(tracing: Tracing): RequestTraces {
  return (request) => {
    request.trace ??= new RequestTrace(request, tracing);
    return request.trace;
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
