import { newTrace, type TraceContext } from './trace-context.ts';

/** How the work that a span stands for ended. */
export interface SpanOutcome {
  readonly status?: number | undefined;
  /** A code for what went wrong; absent when nothing did. */
  readonly error?: string | undefined;
}

/** One piece of work within a trace: a request served, or a call made for it. */
export interface Span {
  /** The context that is passed on to an app called within the span. */
  readonly context: TraceContext;
  /** Begins the span of a call to another app. */
  call(start: SpanStart): Span;
  end(outcome: SpanOutcome): void;
}

/** The name of a span and the attributes known when it begins. */
export interface SpanStart {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface Tracing {
  /** Whether `serve` is called when a request arrives. Otherwise it is called when somebody asks for the span. */
  readonly isRecording: boolean;
  /** Begins the span of a request that came as part of `parent`, or of no trace. `start` is called only where spans are recorded. */
  serve(parent: TraceContext | undefined, start: () => SpanStart): Span;
  /** Sends the spans that are not yet sent. It takes a bounded time and never rejects. */
  close(): Promise<void>;
}

/** Records nothing. A trace is passed on as it came; where none came one begins, so that logs and called apps agree on its id. */
export const noTracing: Tracing = {
  isRecording: false,
  serve: (parent) => silentSpan(parent ?? newTrace()),
  close: () => Promise.resolve(),
};

function silentSpan(context: TraceContext): Span {
  const span: Span = { context, call: () => span, end() {} };
  return span;
}
