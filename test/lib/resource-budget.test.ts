import { App, BootstraplessSynthesizer, CfnParameter, CfnResource, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ResourceBudget, type ResourceBudgetProps } from '../../lib';

function fill(scope: Construct, resources: number, bytesEach = 0): void {
  for (let index = 0; index < resources; index++) {
    new CfnResource(scope, `R${index}`, {
      type: index % 4 ? 'AWS::SQS::Queue' : 'AWS::SNS::Topic', ...(bytesEach ? { properties: { QueueName: 'ü'.repeat(bytesEach / 2) } } : {}),
    });
  }
}

function stackWith(resources: number, props: ResourceBudgetProps = {}, bytesEach = 0): Stack {
  const stack = new Stack(new App(), 'Test');
  fill(stack, resources, bytesEach);
  new ResourceBudget(stack, 'Budget', props);
  return stack;
}

const synthesize = (stack: Stack): string => (stack.node.root as App).synth().directory;
const warnings = (stack: Stack): unknown[] => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);

describe('ResourceBudget', () => {
  test('lets a stack with 399 resources be', () => {
    expect(warnings(stackWith(399))).toEqual([]);
  });

  test('warns a stack with 400 resources, and says how to split it', () => {
    expect(warnings(stackWith(400))).toEqual([expect.stringMatching(
      /^400 of 500 resources and \d+ of 1000000 bytes: split the stack before it is full\. Channels are best split by domain.*\[ack: cdk-messaging:stackNearsLimit\]$/,
    )]);
  });

  test('warns a stack with 500 resources, which is the most', () => {
    expect(warnings(stackWith(500))).toHaveLength(1);
  });

  test('fails when a stack has more than 500, with its most frequent types', () => {
    expect(() => synthesize(stackWith(501)))
      .toThrow("[Test/Budget] the stack 'Test' must have at most 500 resources, got 501 (375 AWS::SQS::Queue, 126 AWS::SNS::Topic, …). Split it");
  });

  test('warns a stack whose template has 800,000 bytes, and lets one be that has less', () => {
    expect(warnings(stackWith(10, {}, 80_000))).toEqual([expect.stringContaining('10 of 500 resources and 80')]);
    expect(warnings(stackWith(10, {}, 79_000))).toEqual([]);
  });

  test('fails when a template has more than 1,000,000 bytes, which is not the number of its characters', () => {
    expect(() => synthesize(stackWith(10, {}, 100_000))).toThrow("the template of the stack 'Test' must have at most 1000000 bytes, got 100");
  });

  test.each([true, false])('counts the bytes that are written, with suppressTemplateIndentation %s', (suppressTemplateIndentation) => {
    const make = (props?: ResourceBudgetProps): Stack => {
      const stack = new Stack(new App(), 'Test', { suppressTemplateIndentation, synthesizer: new BootstraplessSynthesizer() });
      fill(stack, 3, 10);
      if (props) new ResourceBudget(stack, 'Budget', props);
      return stack;
    };
    const bytes = readFileSync(join(synthesize(make()), 'Test.template.json')).length;
    expect(() => synthesize(make({ maxTemplateBytes: bytes }))).not.toThrow();
    expect(() => synthesize(make({ maxTemplateBytes: bytes - 1 }))).toThrow(`at most ${bytes - 1} bytes, got ${bytes}`);
    expect(warnings(make({ maxTemplateBytes: bytes, warningShare: 1 }))).toHaveLength(1);
    expect(warnings(make({ maxTemplateBytes: bytes + 1, warningShare: 1 }))).toEqual([]);
  });

  test('takes lower limits, and another share', () => {
    expect(() => synthesize(stackWith(11, { maxResources: 10 }))).toThrow('at most 10 resources, got 11');
    expect(warnings(stackWith(8, { maxResources: 10 }))).toHaveLength(1);
    expect(warnings(stackWith(9, { maxResources: 10, warningShare: 1 }))).toEqual([]);
    expect(warnings(stackWith(10, { maxResources: 10, warningShare: 1 }))).toHaveLength(1);
  });

  test('leaves out what is no resource', () => {
    const stack = stackWith(5, { maxResources: 5 });
    new CfnParameter(stack, 'Parameter');
    expect(() => synthesize(stack)).not.toThrow();
  });

  test('looks at every stack of an app, and names each that is over at once', () => {
    const app = new App();
    new ResourceBudget(app, 'Budget', { maxResources: 10 });
    for (const [id, resources] of [['One', 11], ['Two', 8], ['Three', 12]] as const) fill(new Stack(app, id), resources);
    const failure = (): unknown => app.synth();
    expect(failure).toThrow("[Budget] the stack 'One' must have at most 10 resources, got 11");
    expect(failure).toThrow("[Budget] the stack 'Three' must have at most 10 resources, got 12");
    expect(failure).not.toThrow("'Two'");
  });

  test('looks at nested stacks, each with a budget of its own', () => {
    const stack = stackWith(9, { maxResources: 10 });
    fill(new NestedStack(stack, 'Nested'), 11);
    expect(() => synthesize(stack)).toThrow("the stack 'Test/Nested' must have at most 10 resources, got 11");
    expect(() => synthesize(stack)).not.toThrow("the stack 'Test' must");
  });

  test('inside a stage looks at its stacks, and around it fails too', () => {
    for (const outside of [false, true]) {
      const app = new App();
      const stage = new Stage(app, 'Production');
      fill(new Stack(stage, 'Orders'), 11);
      new ResourceBudget(outside ? app : stage, 'Budget', { maxResources: 10 });
      expect(() => app.synth()).toThrow("the stack 'Production/Orders' must have at most 10 resources, got 11");
    }
  });

  test('below a stack looks at the stack that it is in', () => {
    const stack = stackWith(11);
    new ResourceBudget(stack.node.findChild('R0'), 'Inner', { maxResources: 10 });
    expect(() => synthesize(stack)).toThrow("[Test/R0/Inner] the stack 'Test' must have at most 10 resources, got 11");
  });

  test.each<[string, ResourceBudgetProps, string]>([
    ['no resource is allowed', { maxResources: 0 }, "'maxResources' must be from 1 to 500, got 0"],
    ['more resources are allowed than there can be', { maxResources: 501 }, "'maxResources' must be from 1 to 500, got 501"],
    ['the number of resources is a token', { maxResources: Lazy.number({ produce: () => 5 }) }, "'maxResources' must be known"],
    ['a larger template is allowed than there can be', { maxTemplateBytes: 1_000_001 }, "'maxTemplateBytes' must be from 1 to 1000000, got 1000001"],
    ['the share is nothing', { warningShare: 0 }, "'warningShare' must be above 0 and up to 1, got 0"],
    ['the share is more than all', { warningShare: 1.1 }, "'warningShare' must be above 0 and up to 1, got 1.1"],
  ])('fails when %s', (_case, props, message) => {
    expect(() => stackWith(1, props)).toThrow(`Test/Budget: ${message}`);
  });
});
