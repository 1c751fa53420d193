import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from '@grpc/grpc-js';

/**
 * Ends a call whose request has not come within `deadlineMs`: a stream that was opened and never finished costs memory for as long
 * as its connection lives. Streams whose request is there (StreamIsActive) stay open.
 */
export function requestDeadline(deadlineMs: number): ServerInterceptor {
  return (_method, call) => {
    const deadline = setTimeout(() => {
      const details = `no request came within ${deadlineMs / 1000} s`;
      intercepted.sendStatus({ code: status.DEADLINE_EXCEEDED, details });
    }, deadlineMs);
    deadline.unref();
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message, next) => {
        clearTimeout(deadline);
        next(message);
      })
      .withOnCancel(() => clearTimeout(deadline))
      .build();
    const intercepted = new ServerInterceptingCall(call, { start: (next) => next(listener) });
    return intercepted;
  };
}
