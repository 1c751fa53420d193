import { type Metric, type OpenMetricsContentType, Registry } from 'prom-client';

const openMetricsType = 'application/openmetrics-text';

/**
 * Whether the scraper would rather have OpenMetrics than the text format: it alone carries exemplars. Prometheus
 * asks for it by itself; whoever names neither gets text.
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
 * The same metrics in a registry that writes OpenMetrics. prom-client takes `_total` off the name of a counter when
 * it writes them, for good; so it is handed a view of each counter, and the text format keeps its names.
 */
export function asOpenMetrics(registry: Registry): Registry<OpenMetricsContentType> {
  const view = new Registry<OpenMetricsContentType>();
  view.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const { name, type } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name);
    // An enumeration in its types, a word at run time.
    const isCounter = String(type) === 'counter';
    if (metric !== undefined) view.registerMetric(isCounter ? (Object.create(metric) as Metric) : metric);
  }
  return view;
}
