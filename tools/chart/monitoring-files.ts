import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chartFolder } from './chart-documents.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The dashboards and rules that the chart brings along: the path of each copy and of its original. They are copies, because
 * neither a chart of Flux' GitRepository nor a checkout on Windows has symbolic links, and kustomize reads nothing above its folder.
 */
export function monitoringFiles(): readonly { readonly copy: string; readonly original: string }[] {
  return ['dashboards', 'rules'].flatMap((folder) =>
    readdirSync(join(root, 'k8s/monitoring', folder))
      .filter((name) => /\.(?:json|yaml)$/.test(name))
      .map((name) => ({
        copy: join(chartFolder, 'files', folder, name),
        original: join('k8s/monitoring', folder, name),
      })),
  );
}

/** Writes every copy of {@link monitoringFiles}. */
export function copyMonitoringFiles(): void {
  for (const { copy, original } of monitoringFiles()) {
    mkdirSync(dirname(join(root, copy)), { recursive: true });
    writeFileSync(join(root, copy), readFileSync(join(root, original)));
  }
}
