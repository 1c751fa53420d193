import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client';

const openMetricsType = 'application/openmetrics-text';

/**
 * Whether the scraper prefers OpenMetrics to the text format; only OpenMetrics carries exemplars. Prometheus asks for it by
 * default. A scraper that names neither format gets text.
 */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  const offers = (accept ?? '').split(',').map((offer) => {
    const [type = '', ...parameters] = offer.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  const weightOf = (type: string) =>
    Math.max(0, ...offers.filter((offer) => offer.type === type).map(({ weight }) => weight));
  return weightOf(openMetricsType) > 0 && weightOf(openMetricsType) >= weightOf('text/plain');
}

/**
 * The metrics of `registry` in a registry that writes OpenMetrics. Writing it, prom-client removes `_total` from the name of
 * a counter for good, so the new registry gets a view of each counter, and the text format keeps its names.
 */
export function asOpenMetrics(registry: Registry): Registry<OpenMetricsContentType> {
  const view = new Registry<OpenMetricsContentType>();
  view.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const { name, type } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name);
    // prom-client's types say that this is an enumeration; at run time it is a word.
    const isCounter = String(type) === 'counter';
    if (metric !== undefined) view.registerMetric(isCounter ? (Object.create(metric) as Metric) : metric);
  }
  return view;
}
