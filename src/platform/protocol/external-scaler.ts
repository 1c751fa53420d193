import { fileURLToPath } from 'node:url';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType } from './generated/externalscaler.ts';

export type {
  ExternalScalerClient,
  ExternalScalerHandlers,
} from './generated/externalscaler/ExternalScaler.ts';
export type { GetMetricsRequest } from './generated/externalscaler/GetMetricsRequest.ts';
export type { MetricSpec } from './generated/externalscaler/MetricSpec.ts';
export type { MetricValue } from './generated/externalscaler/MetricValue.ts';
export type { ScaledObjectRef } from './generated/externalscaler/ScaledObjectRef.ts';

/** The loaded proto/externalscaler.proto. Field names keep their case, because KEDA's contract has them in lowerCamelCase. */
export const packageDefinition: PackageDefinition = loadSync(
  fileURLToPath(new URL('../../../proto/externalscaler.proto', import.meta.url)),
  { keepCase: true, defaults: true, longs: Number, oneofs: true },
);

const loaded = loadPackageDefinition(packageDefinition) as unknown as ProtoGrpcType;

/** The client constructor (`new ExternalScaler(address, credentials)`), whose `.service` is the definition a server adds. */
export const { ExternalScaler } = loaded.externalscaler;
