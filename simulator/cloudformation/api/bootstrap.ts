import type { Place } from '../../contracts';
import { bootstrapVersion } from '../parameters';
import type { LiveStack } from '../stack-engine';

/** What `cdk bootstrap` leaves in an account, with the CDK's default qualifier: every simulation has it from the start. */
export const bootstrap = {
  stackName: 'CDKToolkit',
  version: bootstrapVersion,
  versionParameter: '/cdk-bootstrap/hnb659fds/version',
  bucketName: ({ account, region }: Place): string => `cdk-hnb659fds-assets-${account}-${region}`,
} as const;

/** The stack as the CDK command line looks at it; what is in it is there without it. */
export function bootstrapStack(place: Place, createdAt: number): LiveStack {
  const { partition, region, account } = place;
  const name = bootstrap.stackName;
  const bucketName = bootstrap.bucketName(place);
  return {
    name,
    id: `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/00000000-0000-4000-8000-000000000000`,
    status: 'CREATE_COMPLETE',
    template: {
      Resources: { StagingBucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucketName } } },
    },
    parameters: {}, tags: {},
    resources: [{ logicalId: 'StagingBucket', type: 'AWS::S3::Bucket', path: 'StagingBucket', stackName: name, ref: bucketName }],
    outputs: { BucketName: bucketName, BucketDomainName: `${bucketName}.s3.amazonaws.com`, BootstrapVersion: bootstrap.version },
    exports: {}, createdAt, events: [],
  };
}
