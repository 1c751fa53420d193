import type { HpaBehavior } from '../../../src/controllers/index.ts';
import { createRandom } from '../../../src/load-shapes/index.ts';

/** An HPA that is recorded, and the demand that its metric shows. */
export interface HpaScene {
  readonly name: string;
  readonly target: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly behavior?: HpaBehavior;
  /** The metric in thousandths at each sync in turn; undefined = it cannot be read. */
  nextMilli(): number | undefined;
}

const pods = (value: number, periodSeconds: number) => ({ type: 'Pods', value, periodSeconds }) as const;
const percent = (value: number, periodSeconds: number) =>
  ({ type: 'Percent', value, periodSeconds }) as const;

/**
 * Behaviours, tolerances and bounds of all kinds. Windows and periods are odd numbers of seconds and the controller looks every two,
 * so that few syncs lie at an edge; one period is that of the controller, as the usual 15 s are, where milliseconds decide.
 */
const settings: Readonly<Record<string, Omit<HpaScene, 'name' | 'nextMilli'> & { readonly noise: number }>> =
  {
    plain: { target: 10, minReplicas: 1, maxReplicas: 40, noise: 0.15 },
    defaults: { target: 10, minReplicas: 1, maxReplicas: 40, behavior: {}, noise: 0.15 },
    'short-hold': {
      target: 10,
      minReplicas: 2,
      maxReplicas: 50,
      behavior: { scaleDown: { stabilizationWindowSeconds: 9 } },
      noise: 0.1,
    },
    'no-hold': {
      target: 7.5,
      minReplicas: 1,
      maxReplicas: 60,
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
      noise: 0.2,
    },
    'slow-up': {
      target: 10,
      minReplicas: 1,
      maxReplicas: 60,
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 7, policies: [pods(2, 5)] },
        scaleDown: { stabilizationWindowSeconds: 5 },
      },
      noise: 0.2,
    },
    'each-sync': {
      target: 10,
      minReplicas: 1,
      maxReplicas: 60,
      behavior: {
        scaleUp: { policies: [pods(1, 2)] },
        scaleDown: { stabilizationWindowSeconds: 0, policies: [pods(2, 2)] },
      },
      noise: 0.3,
    },
    'slow-down': {
      target: 10,
      minReplicas: 3,
      maxReplicas: 60,
      behavior: { scaleDown: { stabilizationWindowSeconds: 3, policies: [pods(1, 5), percent(10, 7)] } },
      noise: 0.15,
    },
    'least-of-two': {
      target: 12,
      minReplicas: 1,
      maxReplicas: 80,
      behavior: {
        scaleUp: { selectPolicy: 'Min', policies: [pods(6, 5), percent(40, 7)] },
        scaleDown: {
          selectPolicy: 'Min',
          stabilizationWindowSeconds: 3,
          policies: [pods(3, 5), percent(25, 9)],
        },
      },
      noise: 0.25,
    },
    'never-down': {
      target: 10,
      minReplicas: 1,
      maxReplicas: 70,
      behavior: { scaleDown: { selectPolicy: 'Disabled' } },
      noise: 0.1,
    },
    'no-tolerance': {
      target: 10,
      minReplicas: 1,
      maxReplicas: 60,
      behavior: { scaleUp: { tolerance: 0 }, scaleDown: { stabilizationWindowSeconds: 9, tolerance: 0 } },
      noise: 0.05,
    },
    'up-tolerance': {
      target: 10,
      minReplicas: 1,
      maxReplicas: 60,
      behavior: {
        scaleUp: { tolerance: 0.03 },
        scaleDown: { stabilizationWindowSeconds: 7, tolerance: 0.25 },
      },
      noise: 0.08,
    },
    bounded: {
      target: 10,
      minReplicas: 12,
      maxReplicas: 20,
      behavior: { scaleDown: { stabilizationWindowSeconds: 7 } },
      noise: 0.3,
    },
    'odd-target': {
      target: 3.333,
      minReplicas: 1,
      maxReplicas: 200,
      behavior: { scaleUp: { policies: [percent(35, 5)] }, scaleDown: { stabilizationWindowSeconds: 11 } },
      noise: 0.12,
    },
  };

/** The scenes; the same demand in every recording. */
export function hpaScenes(): readonly HpaScene[] {
  return Object.entries(settings).map(([name, { noise, ...setting }], index) => {
    const random = createRandom(1000 + index);
    let sync = 0;
    let jump = 1;
    return {
      name,
      ...setting,
      nextMilli() {
        sync++;
        // A wave of about four minutes, jumps now and then, noise, and a failure of one read in forty.
        if (random() < 0.03) jump = 0.4 + 1.6 * random();
        const wave = 1 + 0.6 * Math.sin((2 * Math.PI * sync) / (130 + 10 * index));
        const demand = 18 * setting.target * wave * jump * (1 + noise * (2 * random() - 1));
        return random() < 0.025 ? undefined : Math.round(1000 * demand);
      },
    };
  });
}
