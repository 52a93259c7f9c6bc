import { Duration, type Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import { DurableQueue, QueueConsumer } from '../../lib';
import { Simulation } from '../../simulator';
import { functionIn, keyIn, newStack } from '../lib/set-up';

const filters = [lambda.FilterCriteria.filter({ body: { kind: lambda.FilterRule.isEqual('paid') as unknown } })];
let simulation: Simulation;
let stack: Stack;
let key: kms.Key;

beforeEach(() => {
  stack = newStack({});
  key = keyIn(stack);
});

afterEach(() => simulation.stop());

function makeConsumer(): void {
  new QueueConsumer(stack, 'Consumer', { queue: new DurableQueue(stack, 'Orders'), handler: functionIn(stack), filters, filterEncryption: key });
}

/** What the function gets of a paid and an open order. */
async function received(): Promise<string[]> {
  const bodies: string[] = [];
  const handler = (event: unknown): void => { bodies.push(...(event as { Records: { body: string }[] }).Records.map(({ body }) => body)); };
  simulation = await Simulation.start(stack, { handlers: { Function: handler } });
  for (const kind of ['paid', 'open']) await simulation.queue('Orders').send({ kind });
  await simulation.advance(Duration.minutes(1));
  return bodies;
}

/** Gives the statement about Lambda in the key's policy other members; without any, it goes. */
function changeStatement(change?: object): void {
  const resource = key.node.defaultChild as kms.CfnKey;
  const { Statement: statements } = stack.resolve((resource.keyPolicy as iam.PolicyDocument).toJSON()) as { Statement: { Action: unknown }[] };
  const isOfLambda = ({ Action }: { Action: unknown }): boolean => Action === 'kms:Decrypt';
  expect(statements.filter(isOfLambda)).toHaveLength(1);
  resource.addPropertyOverride('KeyPolicy.Statement', statements.flatMap((one) => (isOfLambda(one) ? change ? [{ ...one, ...change }] : [] : [one])));
}

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filter-criteria-encryption
describe('A consumer whose filters a customer key encrypts', () => {
  test('gets what they let pass, and nothing is denied', async () => {
    makeConsumer();
    expect(await received()).toEqual(['{"kind":"paid"}']);
    expect(simulation.queue('Orders').messages).toEqual([]);
    expect(simulation.denials).toEqual([]);
  });

  test.each<[string, object | undefined]>([
    ['let Lambda in', undefined],
    ['let Lambda in for the mappings of this account', {
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:us-east-1:111122223333:event-source-mapping:*' } },
    }],
    ['let Lambda in from this region', { Principal: { Service: 'lambda.eu-west-1.amazonaws.com' } }],
  ])('gets nothing where the key does not %s, and the denial names the statement', async (_what, change) => {
    makeConsumer();
    changeStatement(change);
    expect(await received()).toEqual([]);
    expect(simulation.queue('Orders').messages).toHaveLength(2);
    expect(simulation.denials).toMatchObject([{ principal: 'lambda.us-east-1.amazonaws.com', action: 'kms:Decrypt' }]);
    expect(JSON.parse(simulation.denials[0].missingStatement!)).toMatchObject({
      Principal: { Service: 'lambda.us-east-1.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': expect.stringContaining(':event-source-mapping:') as string } },
    });
  });

  test('gets it by the name of Lambda without a region, too, as an event source of aws-cdk-lib lets it in', async () => {
    functionIn(stack).addEventSource(new sources.SqsEventSource(new DurableQueue(stack, 'Orders'), { filters, filterEncryption: key }));
    expect(await received()).toEqual(['{"kind":"paid"}']);
    expect(simulation.denials).toEqual([]);
  });

  test('has nothing to decrypt without filters', async () => {
    const { eventSourceMapping } = new QueueConsumer(stack, 'Consumer', { queue: new DurableQueue(stack, 'Orders'), handler: functionIn(stack) });
    (eventSourceMapping.node.defaultChild as lambda.CfnEventSourceMapping).kmsKeyArn = key.keyArn;
    expect(await received()).toHaveLength(2);
    expect(simulation.denials).toEqual([]);
  });
});
