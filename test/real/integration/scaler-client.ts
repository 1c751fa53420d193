import { credentials, type ServiceError } from '@grpc/grpc-js';
import { ExternalScaler } from '../../../src/platform/protocol/external-scaler.ts';

type Metadata = Readonly<Record<string, string>>;

/** Asks a scaler as KEDA does: over gRPC, without a deadline. */
export interface KedaCaller {
  spec(name: string, metadata: Metadata): Promise<{ targetSizeFloat: number }>;
  /** The one value served. */
  value(name: string, metadata: Metadata): Promise<number>;
  isActive(name: string, metadata: Metadata): Promise<boolean>;
  close(): void;
}

export function createKedaCaller(port: number, namespace = 'shop'): KedaCaller {
  const client = new ExternalScaler(`127.0.0.1:${port}`, credentials.createInsecure());
  const ref = (name: string, scalerMetadata: Metadata) => ({ namespace, name, scalerMetadata });
  return {
    async spec(name, metadata) {
      const { metricSpecs } = await call<{ metricSpecs: { targetSizeFloat: number }[] }>((done) =>
        client.GetMetricSpec(ref(name, metadata), done),
      );
      if (metricSpecs.length !== 1 || metricSpecs[0] === undefined)
        throw new Error(`${metricSpecs.length} specs`);
      return metricSpecs[0];
    },
    async value(name, metadata) {
      const request = { scaledObjectRef: ref(name, metadata), metricName: 'forescale-demand' };
      const { metricValues } = await call<{ metricValues: { metricValueFloat: number }[] }>((done) =>
        client.GetMetrics(request, done),
      );
      if (metricValues.length !== 1 || metricValues[0] === undefined)
        throw new Error(`${metricValues.length} values`);
      return metricValues[0].metricValueFloat;
    },
    async isActive(name, metadata) {
      return (await call<{ result: boolean }>((done) => client.IsActive(ref(name, metadata), done))).result;
    },
    close: () => client.close(),
  };
}

function call<T>(start: (done: (error: ServiceError | null, answer?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)));
  });
}
