import type { CloudWatchService } from '.';
import { alarmOperations } from './api/alarms';
import { dashboardOperations } from './api/dashboards';
import { muteRuleOperations } from './api/mute-rules';
import { metricOperations } from './api/metrics';
import { putMetricData } from './api/put-metric-data';

/** One operation of the API, with AWS's members in and out. */
export type Operation = (input: Record<string, unknown>) => Record<string, unknown>;

/** The operations that are modelled, by AWS's names. */
export function operations(service: CloudWatchService): Readonly<Record<string, Operation>> {
  return {
    PutMetricData: putMetricData(service),
    ...metricOperations(service),
    ...alarmOperations(service),
    ...dashboardOperations(service),
    ...muteRuleOperations(service),
  };
}
