import type { FastifyRequest } from 'fastify';
import { isSampled, receivedBaggage, receivedTrace, traceHeaders } from './trace-context.ts';
import type { Span, SpanStart, Tracing } from './tracing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on arrival where requests are observed (`observeRequests`). */
    trace: RequestTrace;
  }
}

/** Labels of an exemplar, which stands beside a histogram bucket and names the trace of a request counted there. */
export type ExemplarLabels = {
  readonly trace_id: string;
  readonly span_id: string;
};

/**
 * The trace of one request from its arrival on. Its span is made when somebody asks for it, or on arrival where spans are
 * recorded: most requests are neither passed on nor recorded. (A class, not closures, because every request has one.)
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

  /** The headers that make a call within `span` part of the trace. */
  headersWithin({ context }: Span): Record<string, string> {
    return traceHeaders(context, receivedBaggage(this.#request.headers));
  }

  /** Labels that lead to the trace of the request; undefined where nobody records it. */
  get exemplar(): ExemplarLabels | undefined {
    // A trace that begins at this app is recorded by this app or by nobody.
    if (this.#span === undefined && this.#request.headers['traceparent'] === undefined) return undefined;
    const { context } = this.span;
    return isSampled(context) ? { trace_id: context.traceId, span_id: context.spanId } : undefined;
  }

  /** Ends the span: the request was answered with `status`, or its client left before that. */
  end(status: number, isAnswered: boolean): void {
    const failure = status >= 500 ? String(status) : undefined;
    this.#span?.end({ status, error: isAnswered ? failure : 'client-left' });
  }
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
