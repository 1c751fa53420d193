import { createWorkingWeek } from '../../src/load-shapes/index.ts';

/** Asks a server for a what-if of four made days, and says its status and the policies of its answer. */
export async function askWhatIf(
  url: string,
): Promise<readonly [status: number, policies: readonly string[]]> {
  const rateAt = createWorkingWeek({ peakRequestsPerSecond: 100, seed: 1 });
  const timestamps = Array.from({ length: 4 * 288 }, (_, row) => 1_767_571_200 + row * 300);
  const answer = await fetch(`${url}/api/v1/what-if`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      data: { timestamps, values: timestamps.map(rateAt) },
      target: 10,
      policies: ['reactive'],
    }),
  });
  const { policies = [] } = (await answer.json()) as { policies?: { name: string }[] };
  return [answer.status, policies.map(({ name }) => name)];
}
