import { type App, Stack } from 'aws-cdk-lib';
import { AlarmTopic, CostTags, ResourceBudget } from 'cdk-messaging';
import type { Domain } from './channels';
import { DomainStack } from './domain-stack';

/** A stack for each domain, since all channels in one would be six times what a stack can hold, and one for what they share. */
export function addChannels(app: App, domains: readonly Domain[]): DomainStack[] {
  const operations = new Stack(app, 'Operations');
  const alarmTopic = new AlarmTopic(operations, 'AlarmTopic', { emailAddresses: ['oncall@example.com'] });
  new CostTags(app, 'CostTags', { application: 'channels', environment: 'production', owner: 'integration', costCenter: '4711' });
  new ResourceBudget(app, 'ResourceBudget');
  return domains.map((domain) => new DomainStack(app, domain, alarmTopic));
}
