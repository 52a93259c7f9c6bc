import { parseArn } from '../arn';

/**
 * The regions that an account has to opt in to.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
const optInRegions: ReadonlySet<string> = new Set([
  'af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7',
  'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2', 'il-central-1', 'me-central-1', 'me-south-1', 'mx-central-1',
]);

/**
 * As whom SNS comes to an endpoint. It is a regional principal where the topic is in another region and one of the two is opted in to.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html
 */
export function deliveryPrincipal(topicArn: string, endpointArn: string): string {
  const regions = [endpointArn, topicArn].map((arn) => parseArn(arn).region);
  const optIn = regions[0] === regions[1] ? undefined : regions.find((region) => optInRegions.has(region));
  return optIn === undefined ? 'sns.amazonaws.com' : `sns.${optIn}.amazonaws.com`;
}
