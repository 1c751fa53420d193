/** Labels of a series beside those that are written already, in their order. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** The two lines that begin a metric in the text exposition format, version 0.0.4. */
export function metricHead(name: string, help: string, type: 'gauge' | 'counter'): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
}

/** Labels as they stand between braces, such as `namespace="shop",name="checkout"`. */
export function labelsText(labels: Labels): string {
  return labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(',');
}

/** One sample as a line; the labels are text as {@link labelsText} writes it. The value is finite. */
export function sampleLine(name: string, labels: string, value: number): string {
  return `${name}{${labels}} ${value}\n`;
}

function escaped(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
