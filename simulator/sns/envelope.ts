import type { MessageAttribute, Place } from '../contracts';
import type { PublishedMessage } from './message';
import type { Subscription } from './subscription';
import type { Topic } from './topic';

/** What stands where AWS has a signature: nobody can take it for one. */
const simulatedSignature = 'SIMULATED-NOT-SIGNED';

interface Signing {
  readonly SignatureVersion: string;
  readonly Signature: string;
}

/** The JSON text that a subscription without raw message delivery receives. */
export function notificationJson(message: PublishedMessage, subscription: Subscription, place: Place): string {
  const { topic } = subscription;
  const attributes = notificationAttributes(message.attributes);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: message.messageId,
    SequenceNumber: message.sequenceNumber,
    TopicArn: topic.arn,
    Subject: message.subject,
    Message: message.body(subscription.protocol),
    Timestamp: timestamp(message),
    // FIFO topics do not sign their notifications, and delivery streams get no signature.
    ...(topic.fifo || subscription.protocol === 'firehose' ? {} : { ...signing(topic.signatureVersion), SigningCertURL: certificateUrl(place) }),
    UnsubscribeURL: unsubscribeUrl(subscription, place),
    Replayed: message.replayed || undefined,
    MessageAttributes: Object.keys(attributes).length > 0 ? attributes : undefined,
  });
}

/** What the owner of another account's queue is sent to confirm a subscription with. */
export function confirmationJson({ arn, signatureVersion }: Topic, token: string, messageId: string, at: number, place: Place): string {
  return JSON.stringify({
    Type: 'SubscriptionConfirmation',
    MessageId: messageId,
    Token: token,
    TopicArn: arn,
    Message: `Confirm the subscription to the topic ${arn} by ConfirmSubscription with this token, or by visiting SubscribeURL.`,
    SubscribeURL: `${place.endpoint}/?Action=ConfirmSubscription&TopicArn=${arn}&Token=${token}`,
    Timestamp: new Date(at).toISOString(),
    ...signing(signatureVersion),
    SigningCertURL: certificateUrl(place),
  });
}

/** The event with which SNS invokes a function: other spellings, and what is missing is null or empty. */
export function lambdaEvent(message: PublishedMessage, subscription: Subscription, place: Place): object {
  const { topic } = subscription;
  return {
    Records: [{
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: subscription.arn,
      Sns: {
        Type: 'Notification',
        MessageId: message.messageId,
        TopicArn: topic.arn,
        Subject: message.subject ?? null,
        Message: message.body(subscription.protocol),
        Timestamp: timestamp(message),
        ...signing(topic.signatureVersion),
        SigningCertUrl: certificateUrl(place),
        UnsubscribeUrl: unsubscribeUrl(subscription, place),
        MessageAttributes: notificationAttributes(message.attributes),
      },
    }],
  };
}

function timestamp(message: PublishedMessage): string {
  return new Date(message.at).toISOString();
}

function signing(version: string): Signing {
  return { SignatureVersion: version, Signature: simulatedSignature };
}

function certificateUrl(place: Place): string {
  return `${place.endpoint}/SimpleNotificationService-simulated.pem`;
}

function unsubscribeUrl({ arn }: Subscription, place: Place): string {
  return `${place.endpoint}/?Action=Unsubscribe&SubscriptionArn=${arn}`;
}

function notificationAttributes(attributes: Readonly<Record<string, MessageAttribute>>): Record<string, { Type: string; Value: string }> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
    name, { Type: dataType, Value: binaryValue?.toString('base64') ?? stringValue! },
  ]));
}
