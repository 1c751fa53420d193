import {
  applyFieldOverrides,
  FieldType,
  getFieldDisplayName,
  standardTransformers,
  standardTransformersRegistry,
  toDataFrame,
  transformDataFrame,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { defaultsOf, fieldConfigRegistry } from './field-config.js';

// Two transformers have two names.
const transformers = new Map(Object.values(standardTransformers).map((one) => [one.id, one]));
standardTransformersRegistry.setInit(() =>
  [...transformers].map(([id, transformation]) => ({
    id,
    name: id,
    transformation: () => Promise.resolve(transformation),
  })),
);

/** The legend of a series: `{{label}}` replaced by the value of the label. */
const legendOf = (format, labels) => format.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => labels[name] ?? '');

/** A value of Prometheus; NaN, such as a quantile of no request, is missing, and a scale that meets it would draw nothing. */
const numberOf = (text) => {
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
};

/** A frame for each series of a range query, as Grafana's Prometheus data source makes them. */
const seriesFrames = (target, result) =>
  result.map(({ metric, values, value }) => {
    const rows = values ?? [value];
    const displayNameFromDS = legendOf(target.legendFormat, metric);
    return toDataFrame({
      refId: target.refId,
      fields: [
        { name: 'Time', type: FieldType.time, values: rows.map(([time]) => time * 1000) },
        {
          name: 'Value',
          type: FieldType.number,
          values: rows.map(([, text]) => numberOf(text)),
          labels: metric,
          config: { displayNameFromDS },
        },
      ],
    });
  });

/** One table for an instant query in the format `table`: a column for each label, and the value. */
function tableFrame(target, result, targets) {
  const labels = [...new Set(result.flatMap(({ metric }) => Object.keys(metric)))];
  return toDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: result.map(({ value }) => value[0] * 1000) },
      ...labels.map((name) => ({
        name,
        type: FieldType.string,
        values: result.map(({ metric }) => metric[name] ?? ''),
      })),
      {
        name: targets === 1 ? 'Value' : `Value #${target.refId}`,
        type: FieldType.number,
        values: result.map(({ value }) => Number(value[1])),
      },
    ],
  });
}

/** Steps that are null in the JSON are the lowest. */
const withLowestStep = ({ thresholds, ...rest }) =>
  thresholds === undefined
    ? rest
    : {
        ...rest,
        thresholds: {
          ...thresholds,
          steps: thresholds.steps.map((step) => ({ ...step, value: step.value ?? Number.NEGATIVE_INFINITY })),
        },
      };

/** The data of a panel, transformed, and with every setting of the dashboard on its fields. */
export async function framesOf(panel, results, { theme, replaceVariables }) {
  const { targets = [], transformations = [], fieldConfig = {} } = panel;
  const asked = targets.flatMap((target) => {
    const result = results[target.refId] ?? [];
    return target.format === 'table'
      ? [tableFrame(target, result, targets.length)]
      : seriesFrames(target, result);
  });
  const data =
    transformations.length === 0 ? asked : await lastValueFrom(transformDataFrame(transformations, asked));
  const usual = defaultsOf[panel.type] ?? {};
  const given = fieldConfig.defaults ?? {};
  const defaults = withLowestStep({ ...usual, ...given, custom: { ...usual.custom, ...given.custom } });
  const frames = applyFieldOverrides({
    data,
    fieldConfig: { defaults, overrides: fieldConfig.overrides ?? [] },
    fieldConfigRegistry,
    replaceVariables,
    theme,
    timeZone: 'utc',
  }); // Grafana's table reads the names that were found before.
  for (const frame of frames) for (const field of frame.fields) getFieldDisplayName(field, frame, frames);
  return frames;
}
