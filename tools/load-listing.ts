import { defaultOf } from '../loadtests/lib/read-settings.ts';
import { type ScriptName, scriptNames, scripts } from '../loadtests/lib/scripts.ts';
import { type LoadSetting, settings } from '../loadtests/lib/settings.ts';

/** The load tests and their variables, as `make load` lists them. */
export function loadListing(): string {
  const list = Object.entries(scripts).map(([name, about]) => `  ${name.padEnd(10)} ${about}`);
  const variables = (Object.values(settings) as readonly LoadSetting<unknown>[]).map((setting) => {
    const { name, meaning } = setting;
    return `  ${name.padEnd(22)} ${meaning}\n${''.padEnd(25)}default: ${defaultsOf(setting)}; read by ${readers(setting)}`;
  });
  return [
    'Usage: make load SCRIPT=name [LOAD_…=value …] [LOAD_ARGS="arguments for k6"]',
    '',
    'Scripts:',
    ...list,
    '',
    'Variables:',
    ...variables,
    `  ${'LOAD_PROMETHEUS'.padEnd(22)} base URL of a Prometheus that takes k6's metrics by remote write`,
    '',
    'Examples:',
    '  make load SCRIPT=smoke',
    '  make load SCRIPT=realistic LOAD_WEEK_SECONDS=1190 LOAD_PEAK_RPS=100',
    '  make load SCRIPT=spike LOAD_URL=http://shop.example LOAD_PROMETHEUS=http://localhost:9090',
  ].join('\n');
}

/** Default of a setting, and of each script that has another one, such as `60, smoke 10`. */
export function defaultsOf(setting: LoadSetting<unknown>): string {
  const own = setting.scripts.flatMap((script) => {
    const value = defaultOf(setting, script, false);
    return value === setting.default ? [] : [`${script} ${value}`];
  });
  const general = setting.default ?? 'none';
  return [general, ...own].join(', ');
}

export function readers({ scripts: by }: LoadSetting<unknown>): string {
  const all: readonly ScriptName[] = scriptNames;
  return by.length === all.length ? 'all' : by.join(', ');
}
