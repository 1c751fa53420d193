import { createApiApp } from '../../../../src/api/app.ts';
import type { ApiInstance } from '../../../../src/api/instance.ts';
import type { ApiOptions } from '../../../../src/api/ports.ts';
import { apiOptions } from '../fixture.ts';

export interface PromAnswer {
  readonly statusCode: number;
  readonly status: string;
  readonly data?: {
    readonly resultType: string;
    readonly result: {
      readonly metric: Record<string, string>;
      readonly value: [number, string];
      readonly values: [number, string][];
    }[];
  };
  readonly warnings?: readonly string[];
  readonly errorType?: string;
  readonly error?: string;
}

type Parameters = Readonly<Record<string, string | number | readonly string[]>>;

/** A client of `/prometheus/api/v1` that asks as forms or query strings do. */
export interface PromClient {
  readonly app: ApiInstance;
  get(path: string, parameters?: Parameters): Promise<PromAnswer>;
  post(path: string, parameters?: Parameters): Promise<PromAnswer>;
  /** Data of a list. */
  list(path: string, parameters?: Parameters): Promise<unknown[]>;
}

const encoded = (parameters: Parameters) =>
  new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) =>
      (typeof value === 'object' ? value : [String(value)]).map((one): [string, string] => [name, one]),
    ),
  ).toString();

export async function openPromClient(overrides: Partial<ApiOptions>): Promise<PromClient> {
  const app = await createApiApp(apiOptions(overrides));
  const at = (path: string) => `/prometheus/api/v1/${path}`;
  const read = (response: { statusCode: number; json(): object }) =>
    ({ statusCode: response.statusCode, ...response.json() }) as PromAnswer;
  const get = async (path: string, parameters: Parameters = {}) =>
    read(await app.inject(`${at(path)}?${encoded(parameters)}`));
  return {
    app,
    get,
    post: async (path, parameters = {}) =>
      read(
        await app.inject({
          method: 'POST',
          url: at(path),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: encoded(parameters),
        }),
      ),
    list: async (path, parameters) => (await get(path, parameters)).data as unknown as unknown[],
  };
}

/** Values by time of the only series of a matrix. */
export function onlySeries({ data }: PromAnswer): Map<number, number> {
  if (data?.result.length !== 1) throw new Error(`one series is wanted, not ${JSON.stringify(data)}`);
  return new Map(data.result[0]?.values.map(([time, value]) => [time, Number(value)]));
}
