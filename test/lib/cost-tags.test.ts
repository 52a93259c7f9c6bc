import { type CfnResource, Lazy, NestedStack, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { CostTags, type CostTagsProps, DurableQueue } from '../../lib';
import { newApp, newStack, resourceOf } from './set-up';

const four = { application: 'orders', environment: 'production', owner: 'billing-team', costCenter: '4711' };
const tagsOf = (construct: Construct): unknown => resourceOf(construct).Properties?.Tags;

describe('CostTags', () => {
  let stack: Stack;
  beforeEach(() => { stack = newStack(); });
  const tagsWith = (props: Partial<CostTagsProps> = {}): CostTags => new CostTags(stack, 'CostTags', { ...four, ...props });

  test('tags every resource of its scope', () => {
    const { queue, deadLetterQueue } = new DurableQueue(stack, 'Orders');
    tagsWith();
    for (const each of [queue, deadLetterQueue]) {
      expect(tagsOf(each)).toEqual([
        { Key: 'application', Value: 'orders' }, { Key: 'cost-center', Value: '4711' },
        { Key: 'environment', Value: 'production' }, { Key: 'owner', Value: 'billing-team' },
      ]);
    }
  });

  test('tags what comes into the scope after it', () => {
    tagsWith();
    expect(tagsOf(new sqs.Queue(stack, 'Later'))).toHaveLength(4);
  });

  test('leaves what is outside of its scope as it was', () => {
    const inside = new Construct(stack, 'Inside');
    new CostTags(inside, 'CostTags', four);
    new sqs.Queue(inside, 'Queue');
    expect(tagsOf(new sqs.Queue(stack, 'Outside'))).toBeUndefined();
  });

  test('adds more tags, and exposes all of them', () => {
    const queue = new sqs.Queue(stack, 'Queue');
    const { tags } = tagsWith({ additionalTags: { project: 'x' } });
    expect(tags).toEqual({ 'application': 'orders', 'environment': 'production', 'owner': 'billing-team', 'cost-center': '4711', 'project': 'x' });
    expect(tagsOf(queue)).toContainEqual({ Key: 'project', Value: 'x' });
  });

  test('accepts another value nearer to a resource', () => {
    const queue = new sqs.Queue(stack, 'Queue');
    tagsWith();
    Tags.of(queue).add('owner', 'others');
    expect(tagsOf(queue)).toContainEqual({ Key: 'owner', Value: 'others' });
  });

  test('accepts 46 additional tags, which makes the 50 that a resource can have', () => {
    expect(() => tagsWith({ additionalTags: Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`k${index}`, 'x'])) })).not.toThrow();
  });

  test('accepts every character that AWS does, and tokens', () => {
    expect(() => tagsWith({ owner: 'Ä9 +-=._:/@', application: Lazy.string({ produce: () => 'later' }) })).not.toThrow();
  });

  test('fails synthesis when resources lost tags, with each resource and its tags', () => {
    const one = new sqs.Queue(stack, 'One');
    const two = new iam.Role(stack, 'Two', { assumedBy: new iam.AccountRootPrincipal() });
    tagsWith();
    Tags.of(one).remove('owner');
    Tags.of(one).remove('cost-center');
    Tags.of(two).add('application', '');
    const synthesis = (): unknown => Template.fromStack(stack);
    expect(synthesis).toThrow("[Test/CostTags] 'Test/One/Resource' must have the tags owner, cost-center");
    expect(synthesis).toThrow("[Test/CostTags] 'Test/Two/Resource' must have the tag application");
  });

  test('fails synthesis when a resource lost an additional tag', () => {
    tagsWith({ additionalTags: { project: 'x' } });
    Tags.of(new sqs.Queue(stack, 'One')).remove('project');
    expect(() => Template.fromStack(stack)).toThrow(/'Test\/One\/Resource' must have the tag project$/m);
  });

  describe('where tags have another form', () => {
    const map = { 'application': 'orders', 'cost-center': '4711', 'environment': 'production', 'owner': 'billing-team' };
    const only = (): Record<string, { Properties: { Tags?: unknown } }> => Template.fromStack(stack).toJSON().Resources as never;

    test.each<[string, (scope: Stack) => CfnResource]>([
      ['AWS::SSM::Parameter', (scope) => new ssm.CfnParameter(scope, 'One', { type: 'String', value: 'x' })],
      ['AWS::ApiGatewayV2::Api', (scope) => new apigatewayv2.CfnApi(scope, 'One')],
      ['AWS::Glue::Crawler', (scope) => new glue.CfnCrawler(scope, 'One', { role: 'x', targets: {} })],
    ])('tags and checks a map: %s', (_type, make) => {
      make(stack);
      tagsWith();
      expect(only().One.Properties.Tags).toEqual(map);
      const again = newStack();
      new CostTags(again, 'CostTags', four);
      Tags.of(make(again)).remove('owner');
      expect(() => Template.fromStack(again)).toThrow("'Test/One' must have the tag owner");
    });

    test('tags a list that instances inherit', () => {
      new autoscaling.CfnAutoScalingGroup(stack, 'One', { minSize: '0', maxSize: '0' });
      tagsWith();
      expect(only().One.Properties.Tags).toContainEqual({ Key: 'owner', Value: 'billing-team', PropagateAtLaunch: true });
    });

    test('keeps the tags that an L1 construct brings', () => {
      new glue.CfnCrawler(stack, 'One', { role: 'x', targets: {}, tags: { own: 'x' } });
      tagsWith();
      expect(only().One.Properties.Tags).toEqual({ ...map, own: 'x' });
    });

    test('does not ask for tags on what has none', () => {
      new glue.CfnTable(stack, 'One', { catalogId: 'x', databaseName: 'x', tableInput: {} });
      tagsWith();
      expect(only().One.Properties).not.toHaveProperty('Tags');
    });
  });

  test('fails synthesis when an override deletes, replaces or empties tags', () => {
    new sqs.CfnQueue(stack, 'Deleted').addPropertyDeletionOverride('Tags');
    new sqs.CfnQueue(stack, 'Replaced').addPropertyOverride('Tags', [{ Key: 'owner', Value: 'x' }]);
    new ssm.CfnParameter(stack, 'Emptied', { type: 'String', value: 'x' }).addPropertyOverride('Tags.owner', '');
    tagsWith();
    const synthesis = (): unknown => Template.fromStack(stack);
    expect(synthesis).toThrow("'Test/Deleted' must have the tags application, environment, owner, cost-center");
    expect(synthesis).toThrow("'Test/Replaced' must have the tags application, environment, cost-center");
    expect(synthesis).toThrow("'Test/Emptied' must have the tag owner");
  });

  test('accepts an override that has all tags', () => {
    new sqs.CfnQueue(stack, 'Whole').addPropertyOverride('Tags', ['application', 'environment', 'owner', 'cost-center'].map((Key) => ({ Key, Value: 'x' })));
    new sqs.CfnQueue(stack, 'Other').addPropertyOverride('DelaySeconds', 1);
    tagsWith();
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('fails synthesis when an exclusion takes a tag from a type of resource', () => {
    new sqs.Queue(stack, 'One');
    new iam.Role(stack, 'Two', { assumedBy: new iam.AccountRootPrincipal() });
    tagsWith();
    Tags.of(stack).remove('owner', { includeResourceTypes: ['AWS::SQS::Queue'] });
    const synthesis = (): unknown => Template.fromStack(stack);
    expect(synthesis).toThrow("'Test/One/Resource' must have the tag owner");
    expect(synthesis).not.toThrow('Test/Two');
  });

  test('tags and checks nested stacks and what is in them', () => {
    const nested = new NestedStack(stack, 'Nested');
    const queue = new sqs.Queue(nested, 'One');
    tagsWith();
    expect(tagsOf(queue)).toHaveLength(4);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFormation::Stack', { Tags: tagsOf(queue) });
  });

  test('fails synthesis when a resource of a nested stack lost a tag', () => {
    Tags.of(new sqs.Queue(new NestedStack(stack, 'Nested'), 'One')).remove('owner');
    tagsWith();
    expect(() => Template.fromStack(stack)).toThrow("'Test/Nested/One/Resource' must have the tag owner");
  });

  test('in a stage tags its stacks, and around a stage fails with the advice to', () => {
    for (const outside of [false, true]) {
      const app = newApp();
      const stage = new Stage(app, 'Production');
      const inner = new Stack(stage, 'Orders');
      const queue = new sqs.Queue(inner, 'One');
      new CostTags(outside ? app : stage, 'CostTags', four);
      if (outside) {
        expect(() => app.synth()).toThrow("'Production/Orders/One/Resource' must have the tags application, environment, owner, cost-center. "
          + "Tags don't reach into the stage 'Production': give it its own");
      } else expect(tagsOf(queue)).toHaveLength(4);
    }
  });

  test.each<[string, Partial<CostTagsProps>, string]>([
    ['a value is empty', { owner: '' }, "'owner' must have from 1 to 256 characters, got 0"],
    ['a value is too long', { costCenter: '9'.repeat(257) }, "'costCenter' must have from 1 to 256 characters, got 257"],
    ['a value has other characters', { environment: 'a;b' }, "'environment' must have only letters, digits, spaces and + - = . _ : / @, got 'a;b'"],
    ['a value has a line break', { environment: 'a\nb' }, "'environment' must have only letters, digits, spaces"],
    ['a value begins as those of AWS', { application: 'AWS:x' }, "'application' must not begin with 'aws:', which AWS reserves, got 'AWS:x'"],
    ['an additional key is empty', { additionalTags: { '': 'x' } }, "'additionalTags' must have from 1 to 128 characters, got 0"],
    ['an additional key is too long', { additionalTags: { ['k'.repeat(129)]: 'x' } }, "'additionalTags' must have from 1 to 128 characters, got 129"],
    ['an additional key begins as those of AWS', { additionalTags: { 'aws:x': 'x' } }, "'additionalTags' must not begin with 'aws:'"],
    ['an additional value is empty', { additionalTags: { project: '' } }, "'additionalTags.project' must have from 1 to 256 characters, got 0"],
    ['an additional key is one of the four', { additionalTags: { owner: 'x' } }, "'additionalTags' must have keys that differ in more than case"],
    ['an additional key is one of the four but for case', { additionalTags: { Owner: 'x' } }, "got 'Owner': IAM refuses such tags"],
    ['two additional keys differ in case only', { additionalTags: { a: 'x', A: 'x' } }, "got 'A': IAM refuses such tags"],
    ['there are too many', { additionalTags: Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`k${index}`, 'x'])) },
      "'additionalTags' must have at most 46 tags, got 47"],
  ])('fails when %s', (_case, props, message) => {
    expect(() => tagsWith(props)).toThrow(message);
  });

  test('names every rule that is broken at once', () => {
    expect(() => tagsWith({ owner: '', environment: ';' })).toThrow('Test/CostTags: 2 rules do not hold:');
  });
});
