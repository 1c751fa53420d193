import { type Static, Type } from 'typebox';
import { durationDraws, formatDuration } from '../../../platform/duration.ts';
import { invalidField, invalidFields } from '../../../platform/errors.ts';
import { type ScenarioSettings, settingFaults, usualSettings as usual } from '../../../what-if/index.ts';
import { Duration, secondsOf } from '../parameters.ts';

/** Longest start-up, lead time and wait for a node: far above any that is known. */
const longestStartSeconds = 6 * 3600;
const mostReplicas = 10_000;

const ofDemand = (description: string) =>
  Type.Number({ description: `${description}, in the series’ unit`, exclusiveMinimum: 0 });
const byDefault = (seconds: number) => `default ${formatDuration(seconds)}`;
const upTo = (maximumSeconds: number) => ({ minimumSeconds: 1, maximumSeconds });

/** What a replica takes to be ready, as text; read it with `durationDraws`. */
const StartUp = Type.Refine(
  Type.String({
    description: `from asking for a replica until it is ready (${byDefault(usual.startUp)}): one duration, a range that is drawn from evenly, or a list; at most ${formatDuration(longestStartSeconds)}`,
    examples: ['120s', '90s..240s', '60s,75s,200s'],
    maxLength: 8192,
  }),
  (text) => {
    const draws = durationDraws.parse(text);
    return draws !== undefined && [draws].flat().every((seconds) => seconds <= longestStartSeconds);
  },
  () => `must be ${durationDraws.allowed}, at most ${formatDuration(longestStartSeconds)}`,
);

/** Properties of a body that describe the workload that is played. */
export const settingProperties = {
  target: ofDemand('demand one replica should carry'),
  capacity: Type.Optional(ofDemand('demand one replica can carry at most (default: the target)')),
  startUp: Type.Optional(StartUp),
  nodeDelay: Type.Optional(
    Duration('until a new node takes replicas, where nodes are full (default: they are always there)', {
      ...upTo(longestStartSeconds),
    }),
  ),
  replicasPerNode: Type.Optional(
    Type.Integer({
      description: `with nodeDelay (default ${usual.replicasPerNode})`,
      minimum: 1,
      maximum: 1000,
    }),
  ),
  minReplicas: Type.Optional(
    Type.Integer({
      description: `fewest (default ${usual.minReplicas}); 0 lets KEDA scale to zero`,
      minimum: 0,
      maximum: mostReplicas,
    }),
  ),
  maxReplicas: Type.Optional(
    Type.Integer({
      description: `most (default ${usual.maxReplicas})`,
      minimum: 1,
      maximum: mostReplicas,
    }),
  ),
  tolerance: Type.Optional(
    Type.Number({ description: `of the HPA (default ${usual.tolerance})`, minimum: 0, maximum: 1 }),
  ),
  leadTime: Type.Optional(
    Duration('how far ahead Forescale is told to look (default: 95 % of starts)', {
      ...upTo(longestStartSeconds),
    }),
  ),
  pollingInterval: Type.Optional(
    Duration(`of KEDA (${byDefault(usual.pollingIntervalSeconds)})`, upTo(3600)),
  ),
  cooldown: Type.Optional(
    Duration(`of KEDA, before zero (${byDefault(usual.cooldownSeconds)})`, {
      minimumSeconds: 0,
      maximumSeconds: 86_400,
    }),
  ),
  rateWindow: Type.Optional(
    Duration(
      `span of time that one observed value sums up (default: the query’s, or ${formatDuration(usual.rateWindowSeconds)})`,
      upTo(3600),
    ),
  ),
};

type SettingsBody = Static<ReturnType<typeof Type.Object<typeof settingProperties>>>;

/** The settings of a valid body. Throws `invalid-argument` for what cannot be beside each other. */
export function readSettings(body: SettingsBody): ScenarioSettings {
  const settings = settingsOf(body);
  const faults = settingFaults(settings).map(({ setting, message }) => ({
    field: setting,
    value: String(body[setting]),
    message: `${setting}: ${message}`,
  }));
  if (faults.length > 0) throw invalidFields('request body', faults);
  if (body.replicasPerNode !== undefined && body.nodeDelay === undefined)
    throw invalidField('replicasPerNode', 'replicasPerNode goes with nodeDelay; leave it out, or give both');
  return settings;
}

function settingsOf(body: SettingsBody): ScenarioSettings {
  const seconds = (text: string | undefined) => (text === undefined ? undefined : secondsOf(text, 0));
  return {
    target: body.target,
    capacity: body.capacity,
    minReplicas: body.minReplicas,
    maxReplicas: body.maxReplicas,
    tolerance: body.tolerance,
    startUp: body.startUp === undefined ? undefined : durationDraws.parse(body.startUp),
    nodeDelaySeconds: seconds(body.nodeDelay),
    replicasPerNode: body.replicasPerNode,
    leadTimeSeconds: seconds(body.leadTime),
    pollingIntervalSeconds: seconds(body.pollingInterval),
    cooldownSeconds: seconds(body.cooldown),
    rateWindowSeconds: seconds(body.rateWindow),
  };
}
