import { App } from 'aws-cdk-lib';
import { OrderMessagingStack } from '../lib';

const app = new App();
const setting = (name: string, otherwise: string): string => String(app.node.tryGetContext(name) ?? otherwise);
const alarmEmail: unknown = app.node.tryGetContext('alarmEmail');

new OrderMessagingStack(app, 'OrderMessaging', {
  description: 'Messaging of an order domain: fan-out, a workflow in order, a work queue and upload notifications',
  costTags: {
    application: setting('application', 'order-messaging'),
    environment: setting('environment', 'development'),
    owner: setting('owner', 'orders'),
    costCenter: setting('costCenter', 'unassigned'),
  },
  alarmEmailAddresses: typeof alarmEmail === 'string' ? [alarmEmail] : undefined,
});
