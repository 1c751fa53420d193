import {
  createTraceState,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Clock } from '../../platform/clock.ts';
import { within } from '../../platform/deadline.ts';
import type { Logger } from '../../platform/log.ts';
import type { TraceContext } from './trace-context.ts';
import type { Span, Tracing } from './tracing.ts';

/** Most spans that wait to be sent; while there are so many, new spans are dropped and nothing waits for them. */
const maxQueueSize = 2_048;
const maxExportBatchSize = 512;
const scheduledDelayMillis = 1_000;
/** Longest time that sending the last spans may take when the app ends. */
const flushMs = 2_000;
/** Shortest time between two warnings: sending to a collector that is down fails every second. */
const warnEverySeconds = 60;

export interface OtelTracingOptions {
  /** Base URL of the collector; spans go to /v1/traces below it. */
  readonly endpoint: string;
  readonly app: string;
  readonly version: string;
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Traces through the OpenTelemetry SDK: one span for each request served and each call made, sent in batches as
 * OTLP over HTTP. Loaded only where it is used (docs/adr/0011-opentelemetry-only-when-asked-for.md).
 */
export function createOtelTracing(options: OtelTracingOptions): Tracing {
  const { endpoint, version, clock, log } = options;
  let warnedAt = Number.NEGATIVE_INFINITY;
  setGlobalErrorHandler((error) => {
    if (clock() - warnedAt < warnEverySeconds) return;
    warnedAt = clock();
    log.warn({ endpoint, error: String(error), consequence: 'spans are lost' }, 'trace-export-failed');
  });
  const provider = createProvider(options);
  const tracer = provider.getTracer('telemetry-app', version);
  return {
    isRecording: true,
    serve(parent, start) {
      const context = parent === undefined ? ROOT_CONTEXT : remote(parent);
      const { name, attributes } = start();
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, context);
      return recordedSpan(tracer, span, parent?.tracestate);
    },
    async close() {
      const error = () => new Error(`the last spans took longer than ${flushMs} ms`);
      await within(flushMs, provider.shutdown(), { error }).catch((failure: unknown) => {
        const consequence = 'the last spans are lost';
        log.warn({ endpoint, error: String(failure), consequence }, 'trace-flush-failed');
      });
    },
  };
}

function createProvider({ endpoint, app, version, instance }: OtelTracingOptions): TracerProvider {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const own = { 'service.name': app, 'service.version': version, 'service.instance.id': instance };
  return new TracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence.
    resource: defaultResource()
      .merge(resourceFromAttributes(own))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, maxQueueSize, maxExportBatchSize, scheduledDelayMillis }),
    ],
  });
}

function remote({ traceId, spanId, flags, tracestate }: TraceContext) {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  });
}

function recordedSpan(tracer: Tracer, span: OtelSpan, tracestate: string | undefined): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = traceFlags.toString(16).padStart(2, '0');
  return {
    context: { traceId, spanId, flags, tracestate },
    call({ name, attributes }) {
      const parent = trace.setSpan(ROOT_CONTEXT, span);
      const call = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
      return recordedSpan(tracer, call, tracestate);
    },
    end({ status, error }) {
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (error !== undefined)
        span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
