import type { Place } from '../../contracts';
import { destinationOf, type DestinationConfiguration, type FirehoseService, type S3Destination } from '../../firehose';
import { assumeRole, type AccessControl } from '../../iam';
import type { Properties, ResourceProvider } from '../provider';

export function firehoseProviders(firehose: FirehoseService, place: Place, access: AccessControl): ResourceProvider[] {
  const settingsFor = (properties: Properties): Settings => {
    const settings = settingsOf(properties);
    const { roleArn } = settings.destination;
    // of what Firehose sends, AWS's pages name the account alone: as the external ID
    assumeRole(access, roleArn, { principal: 'firehose.amazonaws.com' },
      `Firehose is unable to assume role ${roleArn}. Please check the role provided.`, place.account);
    return settings;
  };
  return [{
    type: 'AWS::KinesisFirehose::DeliveryStream',
    modelled: [
      'DeliveryStreamName', 'DeliveryStreamType', 'ExtendedS3DestinationConfiguration', 'S3DestinationConfiguration',
      'DeliveryStreamEncryptionConfigurationInput',
    ],
    withoutEffect: ['Tags'],
    namedBy: 'DeliveryStreamName',
    replaces: ['DeliveryStreamName', 'DeliveryStreamType'],
    create({ properties, physicalName }) {
      const stream = firehose.createDeliveryStream({ name: properties.text('DeliveryStreamName') ?? physicalName(64), ...settingsFor(properties) });
      return { ref: stream.name, attributes: { Arn: stream.arn } };
    },
    update: ({ ref, properties }) => firehose.updateDeliveryStream({ name: ref, ...settingsFor(properties) }),
    delete: ({ ref }) => firehose.deleteDeliveryStream(ref),
  }, {
    // where Firehose tells what it could not deliver: `events` tells it here
    type: 'AWS::Logs::LogStream',
    modelled: [],
    withoutEffect: ['LogGroupName', 'LogStreamName'],
    replaces: ['LogGroupName', 'LogStreamName'],
    create: ({ properties, physicalName }) => ({ ref: properties.text('LogStreamName') ?? physicalName(512) }),
    delete: () => {},
  }];
}

interface Settings {
  readonly destination: S3Destination;
  readonly encrypted: boolean;
}

function settingsOf(properties: Properties): Settings {
  const type = properties.text('DeliveryStreamType') ?? 'DirectPut';
  if (type !== 'DirectPut') throw new Error(`'DeliveryStreamType' must be DirectPut, the one that is modelled, got '${type}'`);
  const given = ['ExtendedS3DestinationConfiguration', 'S3DestinationConfiguration']
    .flatMap((name) => properties.object<DestinationConfiguration>(name) ?? []);
  if (given.length !== 1) throw new Error('exactly one of \'ExtendedS3DestinationConfiguration\' and \'S3DestinationConfiguration\' is required');
  return { destination: destinationOf(given[0]), encrypted: properties.object('DeliveryStreamEncryptionConfigurationInput') !== undefined };
}
