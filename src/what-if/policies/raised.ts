import { raiseOverTolerance } from '../../scaler/decision/policy.ts';
import { type Scenario, scaleUpTolerance } from '../scenario.ts';

/** Demand, raised so far that the HPA asks for the last replica that it needs, as Forescale's signal is. */
export function raised(demand: number, scenario: Scenario): number {
  return raiseOverTolerance(demand, scenario.target, scaleUpTolerance(scenario));
}

/** Factors on a forecast that are tuned for equal service. */
export const usualFactors = [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.45, 1.6, 1.8, 2.1, 2.4] as const;
