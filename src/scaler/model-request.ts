import { type ModelRequest, modelOptionsFor } from '../forecast/index.ts';
import { fromEnvironment } from '../platform/secrets/from-environment.ts';
import type { TriggerSettings } from './trigger-metadata.ts';

/** What the settings of a trigger ask of a model. */
export function modelRequest(namespace: string, settings: TriggerSettings): ModelRequest {
  const { namespaceParameter, queryParameters, concealed } = settings;
  return {
    source: {
      concealed: concealed.includes('address') ? 'address' : concealed.length > 0 ? 'words' : undefined,
      address: settings.address,
      namespace,
      headers: settings.customHeaders,
      parameters:
        namespaceParameter === undefined
          ? queryParameters
          : { ...queryParameters, namespace: namespaceParameter },
      timeoutMs: settings.timeoutMs,
    },
    query: settings.query,
    shownQuery: concealed.includes('query') ? fromEnvironment : undefined,
    replicasQuery: settings.replicasQuery,
    capacityPerReplica: settings.capacityPerReplica,
    emptyIsZero: settings.emptyIsZero,
    stepSeconds: settings.stepSeconds,
    historySeconds: settings.historySeconds,
    model: modelOptionsFor(settings, settings.horizonSeconds),
  };
}
