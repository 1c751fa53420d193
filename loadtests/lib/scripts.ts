/** Every load test by the name of its file, with its purpose. */
export const scripts = {
  smoke: 'is it there and does it answer: every route of the telemetry app, a few times a second',
  basic: 'load that grows evenly to the peak and stays there: how far does it carry',
  realistic: 'working days and weekends, a week in minutes or in real time: does scaling keep up',
  spike: 'a calm load, then a rush within seconds that dies away: does it recover',
  soak: 'the same load for long: does it get slower, which the thirds of the run show',
  api: 'the forecasting API: status, workloads, forecast, history, accuracy, outcome, explain',
  scaler: 'the scaler as KEDA asks it, over gRPC: GetMetricSpec, GetMetrics, IsActive',
} as const;

export type ScriptName = keyof typeof scripts;

export const scriptNames = Object.keys(scripts) as readonly ScriptName[];

export function isScriptName(name: string): name is ScriptName {
  return Object.hasOwn(scripts, name);
}
