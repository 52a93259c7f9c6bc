/**
 * The parts of an ARN; each is empty where the text has none, as the ARN of a bucket has neither account nor region.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All that follows the account, colons included. */
  readonly resource: string;
}

export function parseArn(arn: string): Arn {
  const [, partition = '', service = '', region = '', account = '', ...resource] = arn.split(':');
  return { partition, service, region, account, resource: resource.join(':') };
}

/** Whether a value is the ARN of a resource. */
export function isArn(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('arn:') && parseArn(value).resource !== '';
}

/** What stands behind the last colon of an ARN, without the type that tables and delivery streams have there; a name stays as it is. */
export function nameInArn(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf(':') + 1).replace(/^(table|deliverystream)\//, '');
}
