import {
  createTraceState,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
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
import type { Span, SpanOutcome, Tracing } from './tracing.ts';

/** Most spans that wait to be sent; while there are so many, new spans are dropped and nothing waits for them. */
const maxQueued = 2_048;
const maxBatch = 512;
const sendAfterMs = 1_000;
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
export function createOtelTracing({
  endpoint,
  app,
  version,
  instance,
  clock,
  log,
}: OtelTracingOptions): Tracing {
  let warnedAt = Number.NEGATIVE_INFINITY;
  setGlobalErrorHandler((error) => {
    if (clock() - warnedAt < warnEverySeconds) return;
    warnedAt = clock();
    log.warn({ endpoint, error: String(error), consequence: 'spans are lost' }, 'trace-export-failed');
  });
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence.
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': app,
          'service.version': version,
          'service.instance.id': instance,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: maxQueued,
        maxExportBatchSize: maxBatch,
        scheduledDelayMillis: sendAfterMs,
      }),
    ],
  });
  const tracer = provider.getTracer('telemetry-app', version);

  const spanOf = (span: OtelSpan, received: TraceContext | undefined): Span => ({
    context: contextOf(span, received),
    isRecorded: span.isRecording(),
    call({ name, attributes }) {
      const parent = trace.setSpan(ROOT_CONTEXT, span);
      return spanOf(tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent), received);
    },
    end: (outcome) => endSpan(span, outcome),
  });

  return {
    isRecording: true,
    serve(parent, start) {
      const { name, attributes } = start();
      const context = parent === undefined ? ROOT_CONTEXT : remote(parent);
      return spanOf(tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, context), parent);
    },
    async close() {
      try {
        await within(flushMs, provider.shutdown(), {
          error: () => new Error(`the last spans took longer than ${flushMs} ms`),
        });
      } catch (error) {
        log.warn(
          { endpoint, error: String(error), consequence: 'the last spans are lost' },
          'trace-flush-failed',
        );
      }
    },
  };
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

function contextOf(span: OtelSpan, received: TraceContext | undefined): TraceContext {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const flags = traceFlags.toString(16).padStart(2, '0');
  const tracestate = received?.tracestate;
  return { traceId, spanId, flags, ...(tracestate === undefined ? {} : { tracestate }) };
}

function endSpan(span: OtelSpan, { status, error }: SpanOutcome): void {
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (error !== undefined) {
    span.setAttribute('error.type', error);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
