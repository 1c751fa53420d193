import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import { findClientGenerator } from '../../../tools/programs/client-generators.ts';
import { apiOptions, directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../../edges/api/fixture.ts';
import { whyNoLongForm } from '../../support/long-form.ts';
import { skippedNote } from '../real-programs.ts';

const run = promisify(execFile);
const generators = {
  typescript: await findClientGenerator('typescript', process.env),
  python: await findClientGenerator('python', process.env),
};
const lacking = (language: keyof typeof generators) => {
  const found = generators[language];
  return 'lacking' in found ? found.lacking : whyNoLongForm;
};
const folderOf = (language: keyof typeof generators) => {
  const found = generators[language];
  if ('lacking' in found) throw new Error(found.lacking);
  return found.folder;
};

/** What a user writes: names and types of the answer are checked by the compiler. */
const typescriptUser = `
import createClient from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

declare const process: { readonly argv: readonly string[] };
const client = createClient<paths>({ baseUrl: process.argv[2] ?? '' });
const { data: list } = await client.GET('/api/v1/workloads', { params: { query: { search: 'shop' } } });
const first: components['schemas']['WorkloadListItem'] | undefined = list?.workloads[0];
const path = { namespace: first?.namespace ?? '', name: first?.name ?? '' };
const { data: forecast } = await client.GET('/api/v1/workloads/{namespace}/{name}/forecast', {
  params: { path, query: { horizon: '1h', quantiles: '0.5,0.99' } },
});
const points: components['schemas']['WorkloadForecastPoint'][] = typeof forecast === 'object' ? forecast.points : [];
const { error } = await client.GET('/api/v1/workloads/{namespace}/{name}', {
  params: { path: { namespace: 'no', name: 'where' } },
});
const state: components['schemas']['WorkloadState'] | undefined = first?.state;
console.log(JSON.stringify({ state, unit: first?.unit, replicas: points[11]?.replicas.quantiles['0.99'], code: error?.code }));
`;

const pythonUser = `
import json, sys
sys.path[:0] = [sys.argv[2], sys.argv[3]]
from forescale_client import Client
from forescale_client.api.workloads import get_forecast, get_workload, list_workloads
from forescale_client.models import Forecast, Problem, Workload, WorkloadList

client = Client(base_url=sys.argv[1])
listed = list_workloads.sync(client=client, search="shop")
assert isinstance(listed, WorkloadList), listed
first = listed.workloads[0]
workload = get_workload.sync(first.namespace, first.name, client=client)
assert isinstance(workload, Workload), workload
forecast = get_forecast.sync(first.namespace, first.name, client=client, horizon="1h", quantiles="0.5,0.99")
assert isinstance(forecast, Forecast), forecast
missing = get_workload.sync("no", "where", client=client)
print(json.dumps({
    "state": workload.state,
    "unit": first.unit,
    "replicas": forecast.points[11].replicas.quantiles["0.99"],
    "code": missing.code if isinstance(missing, Problem) else None,
}))
`;

describe('clients that are generated from /openapi.json', () => {
  let app: ApiInstance;
  let url: string;
  let folder: string;
  let expected: object;
  beforeAll(async () => {
    app = await createApiApp(apiOptions({ directory: directoryOf([workloadOf(modelOf(taught(9)))]) }));
    url = await app.listen({ host: '127.0.0.1', port: 0 });
    folder = mkdtempSync(join(tmpdir(), 'forescale-clients-'));
    writeFileSync(join(folder, 'openapi.json'), (await app.inject('/openapi.json')).body);
    const forecast = await app.inject(
      '/api/v1/workloads/shop/checkout/forecast?horizon=1h&quantiles=0.5,0.99',
    );
    const replicas = forecast.json().points[11].replicas.quantiles['0.99'];
    expect(forecast.json().origin).toBe(nowSeconds);
    expect(replicas).toBeGreaterThan(5);
    expected = { state: 'trusted', unit: 'requests/s', replicas, code: 'not-found' };
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(lacking('typescript'))(
    `ask the server from TypeScript${skippedNote(lacking('typescript'))}`,
    async () => {
      const own = join(folder, 'typescript');
      cpSync(join(folderOf('typescript'), 'package.json'), join(own, 'package.json'));
      symlinkSync(join(folderOf('typescript'), 'node_modules'), join(own, 'node_modules'));
      writeFileSync(join(own, 'user.mts'), typescriptUser);
      const tool = (name: string, ...args: string[]) =>
        run(join(own, 'node_modules/.bin', name), args, { cwd: own }).catch(({ stdout, stderr }) => {
          throw new Error(`${name}: ${stdout}${stderr}`);
        });
      await tool('openapi-typescript', '../openapi.json', '--output', 'api.d.ts');
      await tool(
        'tsc',
        ...'--strict --noEmit --skipLibCheck --target es2022 --lib es2022,dom --module nodenext'.split(' '),
        'user.mts',
      );
      const { stdout } = await run(process.execPath, ['--experimental-strip-types', 'user.mts', url], {
        cwd: own,
      });
      expect(JSON.parse(stdout)).toEqual(expected);
    },
  );

  it.skipIf(lacking('python'))(`ask the server from Python${skippedNote(lacking('python'))}`, async () => {
    const packages = folderOf('python');
    const env = { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' };
    const generate = 'from openapi_python_client.cli import app; app()';
    const args = [
      'generate',
      '--path',
      'openapi.json',
      '--meta',
      'none',
      '--output-path',
      'forescale_client',
    ];
    await run('python3', ['-c', generate, ...args], { cwd: folder, env });
    writeFileSync(join(folder, 'user.py'), pythonUser);
    const { stdout } = await run('python3', ['user.py', url, folder, packages], { cwd: folder, env });
    expect(JSON.parse(stdout)).toEqual(expected);
  });
});
