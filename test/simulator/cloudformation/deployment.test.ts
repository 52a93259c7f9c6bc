import { CloudFormation } from '../../../simulator/cloudformation/deployment';
import type { AssembledStack } from '../../../simulator/cloudformation/assembly';
import type { ResourceProvider } from '../../../simulator/cloudformation/provider';
import type { Template } from '../../../simulator/cloudformation/template';
import { Random } from '../../../simulator/random';
import { documented } from '../documented';

const place = { account: '000000000000', region: 'us-east-1', partition: 'aws', endpoint: 'http://127.0.0.1:1' };

function deploy(template: Template, options: { paths?: Record<string, string>; name?: string } = {}, into = newCloudFormation()) {
  const { name = 'Shop', paths = {} } = options;
  const stack: AssembledStack = { id: name, name, template, paths: new Map(Object.entries(paths)), assets: new Map([['code.zip', '/asset']]), dependencies: [] };
  return into.cloudFormation.deploy(stack);
}

function newCloudFormation() {
  const created: string[] = [];
  const thing: ResourceProvider = {
    type: 'Test::Thing', modelled: ['Name', 'Other', 'Size', 'Code'], withoutEffect: ['Tags'],
    create({ logicalId, properties, physicalName, asset }) {
      created.push(logicalId);
      if (properties.number('Size') === 0) throw new Error('\'Size\' must be at least 1, got 0');
      const name = properties.text('Name') ?? physicalName(40, '.fifo');
      return { ref: name, attributes: { Arn: `arn:${name}`, Code: asset(properties.text('Code') ?? '') ?? 'none' } };
    },
  };
  return { created, cloudFormation: new CloudFormation(place, new Random(1), new Map([[thing.type, thing]]), () => 0) };
}

const thing = (Properties: Record<string, unknown> = {}, more: object = {}) => ({ Type: 'Test::Thing', Properties, ...more });

documented('the order of creation', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html', () => {
  test('creates what is referred to or depended on first', () => {
    const into = newCloudFormation();
    deploy({
      Resources: {
        First: thing({ Other: { 'Fn::GetAtt': ['Second', 'Arn'] } }),
        Second: thing({ Other: { 'Fn::Sub': 'x-${Third.Arn}' } }),
        Third: thing({}, { DependsOn: ['Fourth'] }),
        Fourth: thing({ Name: { 'Fn::Join': ['', [{ Ref: 'Fifth' }]] } }),
        Fifth: thing({ Name: 'five' }),
      },
    }, {}, into);
    expect(into.created).toEqual(['Fifth', 'Fourth', 'Third', 'Second', 'First']);
  });
});

test('fails for a circular dependency and names its resources', () => {
  expect(() => deploy({ Resources: { A: thing({ Other: { Ref: 'B' } }), B: thing({ Other: { Ref: 'A' } }) } }))
    .toThrow('circular dependency between resources: A → B → A');
});

test('refuses every resource type and property that is not modelled, all at once, by construct path', () => {
  expect(() => deploy({
    Resources: { A: thing({ Colour: 'red', Shape: 'round' }), B: { Type: 'AWS::EC2::Instance' } },
  }, { paths: { A: 'Orders/Resource', B: 'Machine/Resource' } })).toThrow([
    'stack \'Shop\' has what the simulator does not model:',
    '  - Orders/Resource: property \'Colour\' of \'Test::Thing\'',
    '  - Orders/Resource: property \'Shape\' of \'Test::Thing\'',
    '  - Machine/Resource: resource type \'AWS::EC2::Instance\'',
  ].join('\n'));
});

test('takes properties that have no effect', () => {
  expect(() => deploy({ Resources: { A: thing({ Tags: [] }) } })).not.toThrow();
});

documented('a condition', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html', () => {
  test('leaves out resources and outputs whose condition does not hold', () => {
    const { resources, outputs } = deploy({
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { A: thing({ Name: 'a' }), B: thing({}, { Condition: 'Never' }), C: { Type: 'AWS::EC2::Instance', Condition: 'Never' } },
      Outputs: { A: { Value: { Ref: 'A' } }, B: { Value: { Ref: 'B' }, Condition: 'Never' } },
    });
    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['A']);
    expect(outputs).toEqual({ A: 'a' });
  });
});

documented('a resource without a name', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html', () => {
  test('makes physical names of stack name, logical ID and a random part, within the length', () => {
    const { resources } = deploy({ Resources: { AQueueWithAVeryLongLogicalId: thing() } }, { name: 'StackWithAVeryLongName' });
    expect(resources[0].ref).toMatch(/^StackWi.*-AQueue.*-[0-9A-F]{12}\.fifo$/);
    expect(resources[0].ref).toHaveLength(40);
  });
});

test('finds assets by their object key', () => {
  const { resources } = deploy({ Resources: { A: thing({ Code: 'code.zip' }) } });
  expect(resources[0].attributes).toMatchObject({ Code: '/asset' });
});

test('names the resource that cannot be created, with the reason', () => {
  expect(() => deploy({ Resources: { A: thing({ Size: 0 }) } }, { paths: { A: 'Orders/Resource' } }))
    .toThrow('Shop/Orders/Resource (Test::Thing) cannot be created: \'Size\' must be at least 1, got 0');
});

test('fails for an attribute that a resource does not have', () => {
  expect(() => deploy({ Resources: { A: thing({ Other: { 'Fn::GetAtt': ['B', 'Colour'] } }), B: thing() } }))
    .toThrow('\'B\' (Test::Thing) has no attribute \'Colour\' in the simulator');
});

documented('an export', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html', () => {
  test('gives the exports of one stack to the next', () => {
    const into = newCloudFormation();
    deploy({ Resources: { A: thing({ Name: 'a' }) }, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['A', 'Arn'] }, Export: { Name: 'shared' } } } }, { name: 'One' }, into);
    const { outputs } = deploy({ Resources: {}, Outputs: { Got: { Value: { 'Fn::ImportValue': 'shared' } } } }, { name: 'Two' }, into);
    expect(outputs).toEqual({ Got: 'arn:a' });
    expect(() => deploy({ Outputs: { Got: { Value: { 'Fn::ImportValue': 'unknown' } } } }, { name: 'Three' }, into)).toThrow('no stack exports \'unknown\'');
  });
});

test.each([
  ['a number', { Size: 'many' }, '\'Size\' must be a number, got "many"'],
  ['a number', { Size: '' }, '\'Size\' must be a number, got ""'],
])('fails when a property is not %s', (_what, properties, message) => {
  expect(() => deploy({ Resources: { A: thing(properties) } })).toThrow(message);
});
