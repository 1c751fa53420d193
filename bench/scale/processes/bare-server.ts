import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { ExternalScaler, type GetMetricsRequest } from '../../../src/platform/protocol/external-scaler.ts';

/** A program: a server of grpc-js as it comes with the scaler's proto, whose answers are constants. */
const server = new Server();
type Answered<Request> = (call: ServerUnaryCall<Request, object>, done: sendUnaryData<object>) => void;
const isActive: Answered<unknown> = (_call, done) => done(null, { result: true });
const getMetricSpec: Answered<unknown> = (_call, done) =>
  done(null, { metricSpecs: [{ metricName: 'bare', targetSize: 10, targetSizeFloat: 10 }] });
const getMetrics: Answered<GetMetricsRequest> = ({ request }, done) =>
  done(null, {
    metricValues: [{ metricName: request.metricName, metricValue: 120, metricValueFloat: 119.7 }],
  });
server.addService(ExternalScaler.service, {
  IsActive: isActive,
  GetMetricSpec: getMetricSpec,
  GetMetrics: getMetrics,
  StreamIsActive: () => undefined,
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.send?.({ listening: port });
});
process.once('disconnect', () => process.exit(0));
