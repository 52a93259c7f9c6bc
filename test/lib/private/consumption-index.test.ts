import { type Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { consumptionOf } from '../../../lib/private/consumption-index';
import { functionIn, newStack } from '../set-up';

describe('What consumes in an app', () => {
  let stack: Stack;
  const mappingIn = (id: string): lambda.CfnEventSourceMapping => new lambda.CfnEventSourceMapping(stack, id, { functionName: 'billing' });
  const mappings = (): readonly lambda.CfnEventSourceMapping[] => consumptionOf(stack.node.root).mappings;
  const countConstructs = (): number => stack.node.root.node.findAll().length;

  beforeEach(() => { stack = newStack(); });
  afterEach(() => jest.restoreAllMocks());

  test('is found anew when one mapping took the place of another, so that there are as many constructs as before', () => {
    mappingIn('First');
    const before = countConstructs();
    expect(mappings().map(({ node }) => node.id)).toEqual(['First']);
    stack.node.tryRemoveChild('First');
    mappingIn('Second');
    expect(countConstructs()).toBe(before);
    expect(mappings().map(({ node }) => node.id)).toEqual(['Second']);
  });

  test('is found anew when a mapping took the place of another under the same ID', () => {
    const first = mappingIn('Mapping');
    expect(mappings()).toEqual([first]);
    stack.node.tryRemoveChild('Mapping');
    const second = mappingIn('Mapping');
    expect(mappings()[0]).toBe(second);
    expect(mappings()).toHaveLength(1);
  });

  test('is found anew when one function took the place of another', () => {
    functionIn(stack, 'First');
    const before = countConstructs();
    expect(consumptionOf(stack.node.root).functions.map(({ node }) => node.id)).toEqual(['First']);
    stack.node.tryRemoveChild('First');
    functionIn(stack, 'Second');
    expect(countConstructs()).toBe(before);
    expect(consumptionOf(stack.node.root).functions.map(({ node }) => node.id)).toEqual(['Second']);
  });

  test('is that of the app which is asked for', () => {
    mappingIn('Mapping');
    const other = newStack();
    expect(consumptionOf(other.node.root).mappings).toEqual([]);
    expect(mappings()).toHaveLength(1);
  });

  test('is searched for every time where tokens tell no number, rather than taken from an index that may be old', () => {
    jest.spyOn(Token, 'asString').mockReturnValue('a text of another CDK');
    const walks = jest.spyOn(stack.node.root.node, 'findAll');
    mappings();
    mappings();
    expect(walks).toHaveBeenCalledTimes(2);
  });
});
