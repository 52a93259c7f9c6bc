import { Duration } from 'aws-cdk-lib';
import type { MessageArchiveProps } from '../message-archive';
import { isManagedByAws } from './service-key-access';
import { durationWithin, isKnown, must, numberWithin, type Rule, textLike, wording } from './validation';

const day = Duration.days(1);
const century = Duration.days(36_525);

/** What must hold for the properties of a MessageArchive. */
export function messageArchiveRules(props: MessageArchiveProps): Rule[] {
  return [
    textLike('prefix', props.prefix, /^[\w!.*'()-]+(\/[\w!.*'()-]+)*$/,
      "be made of letters, digits and !_.*'()- in parts separated by '/', without one at either end"),
    durationWithin('retention', props.retention, day, century),
    must(
      !isKnown(props.retention) || props.retention.toMilliseconds() % day.toMilliseconds() === 0,
      `'retention' must be whole days, got ${isKnown(props.retention) ? wording(props.retention) : ''}`,
    ),
    must(!isManagedByAws(props.encryptionKey), "'encryptionKey' must be a customer key: SNS cannot use a key that AWS manages"),
    ...(['retention', 'accessLogsBucket'] as const).map((property) => must(
      props.bucket === undefined || props[property] === undefined,
      `'${property}' must be left out when 'bucket' is given: set it on that bucket`,
    )),
    must(
      props.accessLogsBucket?.encryptionKey === undefined,
      "'accessLogsBucket' must not be encrypted with a customer key: S3 cannot write access logs to it",
    ),
    numberWithin('batchSize', props.batchSize, 1, 10_000),
    durationWithin('maxBatchingWindow', props.maxBatchingWindow, Duration.seconds(1), Duration.seconds(300)),
  ];
}
