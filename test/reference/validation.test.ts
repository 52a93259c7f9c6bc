process.env.CDK_VALIDATION = 'true';

import { App, Stack } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { referenceStack } from './set-up';

const synthesize = (stack: Stack): void => { (stack.node.root as App).synth(); };

test('CDK\'s own template rules, strict, find nothing in the reference stack', () => {
  expect(() => synthesize(referenceStack())).not.toThrow();
});

test('they find what template assertions let pass, such as a standard dead-letter queue of a FIFO queue', () => {
  const stack = referenceStack();
  const deadLetterQueue = new CfnQueue(stack, 'Standard');
  new CfnQueue(stack, 'Fifo', { fifoQueue: true, redrivePolicy: { deadLetterTargetArn: deadLetterQueue.attrArn, maxReceiveCount: 5 } });
  for (const queue of stack.node.findAll().filter((one) => one instanceof CfnQueue)) queue.tags.setTag('owner', 'orders');
  expect(() => synthesize(stack)).toThrow(/CloudFormation Validate/);
});
