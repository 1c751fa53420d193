import { newTrace, type TraceContext } from './trace-context.ts';

type SpanAttributes = Readonly<Record<string, string | number>>;

/** How what a span stands for ended. */
export interface SpanOutcome {
  readonly status?: number;
  /** What went wrong, as a code; absent when nothing did. */
  readonly error?: string;
}

/** One piece of work within a trace. */
export interface Span {
  /** What goes on to those that are called within it. */
  readonly context: TraceContext;
  /** Whether it makes a difference to end it. */
  readonly isRecorded: boolean;
  /** A call to somebody else. */
  call(start: SpanStart): Span;
  end(outcome: SpanOutcome): void;
}

/** What a span is called and what is known of it from the start. */
export interface SpanStart {
  readonly name: string;
  readonly attributes: SpanAttributes;
}

export interface Tracing {
  /** Whether requests have to be followed from their arrival on; where not, `serve` is called when somebody asks. */
  readonly isRecording: boolean;
  /** The work on a request, which came as a part of `parent` or of no trace; `start` is asked only where it is recorded. */
  serve(parent: TraceContext | undefined, start: () => SpanStart): Span;
  /** Sends what has not been sent; bounded, and never rejects. */
  close(): Promise<void>;
}

/** Records nothing: a trace goes on as it came, and where none came one begins, so that logs and callees agree on its id. */
export const noTracing: Tracing = {
  isRecording: false,
  serve: (parent) => silentSpan(parent ?? newTrace()),
  close: () => Promise.resolve(),
};

function silentSpan(context: TraceContext): Span {
  const span: Span = { context, isRecorded: false, call: () => span, end() {} };
  return span;
}
