import { isArn, parseArn, nameInArn } from '../../simulator/arn';
import { documented } from './documented';

documented('Amazon Resource Names', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html', () => {
  test('an ARN has a partition, a service, a region, an account and a resource', () => {
    expect(parseArn('arn:aws-cn:sqs:cn-north-1:123456789012:Orders')).toEqual({
      partition: 'aws-cn', service: 'sqs', region: 'cn-north-1', account: '123456789012', resource: 'Orders',
    });
  });

  test('the ARN of a bucket has neither region nor account', () => {
    expect(parseArn('arn:aws:s3:::archive/orders')).toMatchObject({ region: '', account: '', resource: 'archive/orders' });
  });

  test('the resource of an ARN may have colons', () => {
    expect(parseArn('arn:aws:lambda:eu-west-1:123456789012:function:Billing:live').resource).toBe('function:Billing:live');
  });

  test('what is no ARN has no resource', () => {
    expect(parseArn('Orders')).toEqual({ partition: '', service: '', region: '', account: '', resource: '' });
  });

  test.each([
    'arn:aws:sqs:eu-west-1:123456789012:Orders', 'arn:aws:s3:::archive', 'arn:aws:iam::123456789012:role/Billing',
  ])('%s is an ARN', (arn) => {
    expect(isArn(arn)).toBe(true);
  });

  test.each([
    'Orders', 'arn:aws:sqs:eu-west-1:123456789012:', 'arn:aws:sqs:eu-west-1:123456789012', 'urn:aws:sqs:eu-west-1:123456789012:Orders', 17, undefined,
  ])('%s is no ARN', (value) => {
    expect(isArn(value)).toBe(false);
  });

  test('the name of a resource stands behind the last colon', () => {
    expect(nameInArn('arn:aws:sns:eu-west-1:123456789012:Orders')).toBe('Orders');
  });

  test('a name is its own name', () => {
    expect(nameInArn('Orders')).toBe('Orders');
    expect(nameInArn('arn:aws:dynamodb:eu-west-1:123456789012:table/Orders')).toBe('Orders');
    expect(nameInArn('arn:aws:firehose:eu-west-1:123456789012:deliverystream/Orders')).toBe('Orders');
  });
});
