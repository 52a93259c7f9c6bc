import type { PolicyDocument, Statement } from './policy';

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * What AWS's managed policies allow, as far as it concerns what is simulated and what functions have around it. By the name in the ARN,
 * with its path.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const actions: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': logs,
  'service-role/AWSLambdaVPCAccessExecutionRole': [
    ...logs, 'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
  ],
  'service-role/AWSLambdaSQSQueueExecutionRole': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...logs],
  'service-role/AWSLambdaDynamoDBExecutionRole': [
    'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams', ...logs,
  ],
  'service-role/AWSLambdaRole': ['lambda:InvokeFunction'],
  AWSXRayDaemonWriteAccess: [
    'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries',
  ],
  AmazonSQSFullAccess: ['sqs:*'],
  AmazonSQSReadOnlyAccess: [
    'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListDeadLetterSourceQueues', 'sqs:ListQueues', 'sqs:ListMessageMoveTasks', 'sqs:ListQueueTags',
  ],
  AmazonSNSFullAccess: ['sns:*'],
  AmazonSNSReadOnlyAccess: ['sns:GetTopicAttributes', 'sns:List*'],
  AmazonS3FullAccess: ['s3:*', 's3-object-lambda:*'],
  AmazonS3ReadOnlyAccess: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
  AmazonDynamoDBFullAccess: ['dynamodb:*'],
  AmazonEventBridgeFullAccess: ['events:*'],
  AmazonSSMReadOnlyAccess: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'],
  CloudWatchLogsFullAccess: ['logs:*'],
  CloudWatchReadOnlyAccess: ['cloudwatch:BatchGet*', 'cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*', 'logs:Get*', 'logs:List*', 'logs:Describe*'],
  AdministratorAccess: ['*'],
};

/** The content of a managed policy of AWS; undefined for one that is not known here. */
export function awsManagedPolicy(arn: string): PolicyDocument | undefined {
  const [, name] = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  if (name === undefined || !Object.hasOwn(actions, name)) return undefined;
  const statement: Statement = { Effect: 'Allow', Action: actions[name], Resource: '*' };
  return { Statement: statement };
}
