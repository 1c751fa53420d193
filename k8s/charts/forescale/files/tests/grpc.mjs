// Asks the scaler what KEDA asks first, and what its probe asks: the metric of a trigger, for which it needs no Prometheus,
// and whether it serves.
import { credentials, makeClientConstructor } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { ExternalScaler } from './src/platform/protocol/external-scaler.ts';

const { TEST_GRPC_ADDRESS: address, TEST_TLS: tls } = process.env;
const channel = tls === 'true' ? credentials.createSsl() : credentials.createInsecure();

function ask(Client, rpc, request) {
  const client = new Client(address, channel);
  const deadline = Date.now() + 10_000;
  return new Promise((resolve, reject) => {
    client[rpc](request, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer)));
  }).finally(() => client.close());
}

const { metricSpecs } = await ask(ExternalScaler, 'GetMetricSpec', {
  name: 'helm-test',
  namespace: 'helm-test',
  scalerMetadata: { query: 'vector(1)', threshold: '10' },
});
if (metricSpecs[0]?.targetSizeFloat !== 10) throw new Error(`GetMetricSpec: ${JSON.stringify(metricSpecs)}`);
console.log('GetMetricSpec: the target is 10');

const Health = makeClientConstructor(healthService, 'grpc.health.v1.Health');
const { status } = await ask(Health, 'check', { service: 'externalscaler.ExternalScaler' });
if (status !== 'SERVING') throw new Error(`Health: ${status}`);
console.log('Health: SERVING');
