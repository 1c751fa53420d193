import type { CronTrigger, HpaBehavior } from '../../controllers/index.ts';

/** What a workload is scaled on today. */
export type ScalingRule =
  /** Demand, of which one replica should carry `target`. */
  | {
      readonly kind: 'demand';
      readonly target: number;
      readonly query?: string | undefined;
      readonly activationThreshold?: number | undefined;
    }
  /** CPU, of which one replica should use a share of what it requests, 0–1. */
  | { readonly kind: 'cpu'; readonly utilization: number }
  /** Nothing besides its cron triggers. */
  | { readonly kind: 'cron' }
  /** An external scaler, by its metadata. */
  | { readonly kind: 'external'; readonly metadata: Readonly<Record<string, string>> };

/** A cron trigger, and the IANA zone that its calendar is of. */
export interface ZonedCronTrigger extends CronTrigger {
  readonly timeZone: string;
}

/** A ScaledObject or an HPA, as far as a what-if plays it. A field that the manifest leaves out is undefined. */
export interface AutoscalerManifest {
  readonly kind: 'ScaledObject' | 'HorizontalPodAutoscaler';
  readonly namespace: string | undefined;
  readonly name: string;
  readonly rule: ScalingRule;
  /** KEDA's cron triggers, whose replicas the HPA takes where they are more than those of the rule. */
  readonly cron: readonly ZonedCronTrigger[];
  readonly minReplicas: number | undefined;
  readonly maxReplicas: number | undefined;
  readonly pollingIntervalSeconds: number | undefined;
  readonly cooldownSeconds: number | undefined;
  readonly behavior: HpaBehavior | undefined;
  /** What the cluster would act on and a what-if does not play. */
  readonly ignored: readonly string[];
}
