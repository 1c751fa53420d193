import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { ExternalScaler } from '../../../src/platform/protocol/external-scaler.ts';

/** A program: a server of grpc-js as it comes, whose GetMetrics is a constant. Writes its port. */
const server = new Server();
const absent = () => undefined;
server.addService(ExternalScaler.service, {
  IsActive: absent,
  GetMetricSpec: absent,
  StreamIsActive: absent,
  GetMetrics(_call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) {
    callback(null, { metricValues: [{ metricName: 'bare', metricValue: 1, metricValueFloat: 1 }] });
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
