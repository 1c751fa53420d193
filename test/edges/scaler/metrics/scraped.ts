import { Registry } from 'prom-client';
import type { WorkloadView } from '../../../../src/forecast/index.ts';
import { createScalerMetrics } from '../../../../src/scaler/index.ts';
import { directoryOf, nowSeconds } from '../../api/fixture.ts';

/** The whole text of an answer with metrics. */
export async function textOf({ body }: { readonly body: AsyncIterable<string> }): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of body) pieces.push(piece);
  return pieces.join('');
}

/** What a scrape of a server with these workloads reads. */
export function scraped(...workloads: readonly WorkloadView[]): Promise<string> {
  return textOf(createScalerMetrics(new Registry(), '1.2.3').scrape(directoryOf(workloads), nowSeconds));
}

/** What a server answers that is asked for the metrics of these workloads. */
export function scrapedByName(...workloads: readonly WorkloadView[]): Promise<string> {
  return textOf(createScalerMetrics(new Registry(), '1.2.3').scrapeWorkloads(workloads, nowSeconds));
}

/** Values of the series of shop/checkout, by metric and further labels. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const line = /^(forescale_\w+)\{namespace="shop",name="checkout",trigger="a1b2c3d4"(?:,(.*))?\} (.*)$/;
  const samples = text.split('\n').flatMap((one) => {
    const [, name = '', labels = '', value] = line.exec(one) ?? [];
    return value === undefined ? [] : [[`${name} ${labels}`.trim(), Number(value)] as const];
  });
  return new Map(samples);
}
