import type { ArchiveState } from '../../history/archive/index.ts';
import { statesOf } from '../answers/states-of.ts';
import { answers, NoParameters } from '../instance.ts';
import { type ServerStatus, StatusSchema } from '../schemas/server.ts';
import type { Route } from './route.ts';

/** `GET /api/v1/status`: state and version of the server itself. */
export const getStatusRoute: Route = (
  app,
  { archive, clock, directory, ready, replicas = () => [], serverMode, shards, version },
) => {
  const startedSeconds = clock();
  app.get(
    '/api/v1/status',
    {
      schema: {
        operationId: 'getStatus',
        summary: 'Version, mode, and workloads by state',
        tags: ['server'],
        querystring: NoParameters,
        response: answers(StatusSchema),
      },
    },
    async () => {
      const { ready: isReady, reasons } = ready();
      return {
        version,
        uptimeSeconds: Math.max(0, clock() - startedSeconds),
        mode: serverMode(),
        ready: isReady,
        reasons,
        replicas: replicas(),
        workloads: await statesOf(directory, serverMode),
        ...(shards === undefined ? {} : { shard: shards.own.name }),
        ...(archive === undefined ? {} : { archive: toArchive(archive()) }),
      };
    },
  );
};

function toArchive({
  bytes,
  series,
  oldestSeconds,
  warning,
}: ArchiveState): NonNullable<ServerStatus['archive']> {
  return { bytes, series, since: oldestSeconds ?? null, ...(warning === undefined ? {} : { warning }) };
}
