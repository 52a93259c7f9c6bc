import type { Bucket } from '../../s3';
import type { Properties } from '../provider';

/** As in the API of S3: what the CDK's custom resource is given. */
interface ApiNotifications {
  readonly QueueConfigurations?: ApiNotification[];
  readonly TopicConfigurations?: ApiNotification[];
  readonly LambdaFunctionConfigurations?: ApiNotification[];
  readonly EventBridgeConfiguration?: object;
}

/** As CloudFormation has them in the bucket itself. */
interface TemplateNotifications {
  readonly QueueConfigurations?: (TemplateNotification & { readonly Queue: string })[];
  readonly TopicConfigurations?: (TemplateNotification & { readonly Topic: string })[];
  readonly LambdaConfigurations?: (TemplateNotification & { readonly Function: string })[];
  readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled?: boolean | string };
}

interface TemplateNotification {
  readonly Event: string;
  readonly Filter?: { readonly S3Key?: { readonly Rules?: { Name: string; Value: string }[] } };
}

interface ApiNotification {
  readonly Id?: string;
  readonly Events: string[];
  readonly Filter?: { readonly Key?: { readonly FilterRules?: { Name: string; Value: string }[] } };
  readonly QueueArn?: string;
  readonly TopicArn?: string;
  readonly LambdaFunctionArn?: string;
}

/** Those that the CDK's custom resource sets. */
export function setNotifications(bucket: Bucket, notifications: ApiNotifications = {}): void {
  const { QueueConfigurations = [], TopicConfigurations = [], LambdaFunctionConfigurations = [], EventBridgeConfiguration } = notifications;
  const all = [...QueueConfigurations, ...TopicConfigurations, ...LambdaFunctionConfigurations].map((one) => ({
    id: one.Id, events: one.Events, ...keyFilter(one.Filter?.Key?.FilterRules), destination: (one.QueueArn ?? one.TopicArn ?? one.LambdaFunctionArn)!,
  }));
  bucket.setNotifications(all, EventBridgeConfiguration !== undefined);
}

/** Those that a template gives the bucket itself. */
export function setOwnNotifications(bucket: Bucket, properties: Properties): void {
  const {
    QueueConfigurations = [], TopicConfigurations = [], LambdaConfigurations = [], EventBridgeConfiguration,
  } = properties.object<TemplateNotifications>('NotificationConfiguration') ?? {};
  const all = [
    ...QueueConfigurations.map((one) => ({ ...one, destination: one.Queue })),
    ...TopicConfigurations.map((one) => ({ ...one, destination: one.Topic })),
    ...LambdaConfigurations.map((one) => ({ ...one, destination: one.Function })),
  ];
  bucket.setNotifications(
    all.map(({ Event, Filter, destination }) => ({ events: [Event], destination, ...keyFilter(Filter?.S3Key?.Rules) })),
    EventBridgeConfiguration !== undefined && String(EventBridgeConfiguration.EventBridgeEnabled ?? true) === 'true',
  );
}

function keyFilter(rules: readonly { readonly Name: string; readonly Value: string }[] = []): { prefix?: string; suffix?: string } {
  const rule = (wanted: string): string | undefined => rules.find(({ Name }) => Name.toLowerCase() === wanted)?.Value;
  return { prefix: rule('prefix'), suffix: rule('suffix') };
}
