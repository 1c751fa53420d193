import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CertificateFilePair, signedBy } from '../../../tools/certificates.ts';
import type { ApiServer } from '../api-server.ts';
import { apply } from '../server-dry-run.ts';

export const externalMetricsGroup = 'external.metrics.k8s.io';
const version = 'v1beta1';
const service = { name: 'external-metrics', namespace: 'default' };

/** An external metrics API of our own. */
export interface ExternalMetrics {
  close(): Promise<void>;
}

/**
 * Serves external metrics behind the API server. `read` is called for each question, with the metric's name, and gives thousandths
 * of the metric's unit; undefined becomes an error.
 */
export async function serveExternalMetrics(
  server: ApiServer,
  authority: CertificateFilePair,
  folder: string,
  read: (metric: string) => number | undefined,
): Promise<ExternalMetrics> {
  const hosts = [`${service.name}.${service.namespace}.svc`, 'localhost'];
  const { certFile, keyFile } = signedBy(authority, folder, service.name, 2, hosts);
  const https = createServer(
    { cert: readFileSync(certFile), key: readFileSync(keyFile) },
    (request, response) => {
      const [path = ''] = (request.url ?? '').split('?');
      const metric = path.match(/\/namespaces\/[^/]+\/([^/]+)$/)?.[1];
      const milli = metric === undefined ? undefined : read(metric);
      const isKnown = metric === undefined || milli !== undefined;
      response.writeHead(isKnown ? 200 : 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify(metric === undefined ? resources : listOf(metric, milli)));
    },
  );
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  const { port } = https.address() as AddressInfo;
  await apply(server.kubectl, [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: service,
      spec: { type: 'ExternalName', externalName: '127.0.0.1' },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `${version}.${externalMetricsGroup}` },
      spec: {
        service: { ...service, port },
        group: externalMetricsGroup,
        version,
        groupPriorityMinimum: 100,
        versionPriority: 100,
        caBundle: readFileSync(authority.certFile).toString('base64'),
      },
    },
  ]);
  return {
    async close() {
      https.close();
      https.closeAllConnections();
      await once(https, 'close');
    },
  };
}

const resources = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: `${externalMetricsGroup}/${version}`,
  resources: [
    {
      name: 'externalmetrics',
      singularName: '',
      namespaced: true,
      kind: 'ExternalMetricValueList',
      verbs: ['get'],
    },
  ],
};

function listOf(metricName: string, milli: number | undefined) {
  const item = { metricName, metricLabels: {}, timestamp: new Date().toISOString(), value: `${milli}m` };
  return {
    kind: 'ExternalMetricValueList',
    apiVersion: `${externalMetricsGroup}/${version}`,
    metadata: {},
    items: [item],
  };
}
