import { evaluate, holds, type Scope } from '../../../simulator/cloudformation/intrinsics';
import type { Template } from '../../../simulator/cloudformation/template';
import { documented } from '../documented';

const template: Template = {
  Mappings: { Sizes: { small: { batch: 10 }, large: { batch: 1000 } } },
  Conditions: {
    IsProduction: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] },
    IsDevelopment: { 'Fn::Not': [{ Condition: 'IsProduction' }] },
    Both: { 'Fn::And': [{ Condition: 'IsProduction' }, { Condition: 'IsDevelopment' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsProduction' }, { Condition: 'IsDevelopment' }] },
  },
};

const scope: Scope = {
  template,
  parameters: { Stage: 'development', Names: ['a', 'b'] },
  pseudoParameters: { 'AWS::Region': 'us-east-1', 'AWS::AccountId': '000000000000' },
  reference: (logicalId) => (logicalId === 'Queue' ? 'http://127.0.0.1/queue' : undefined),
  attribute: (logicalId, name) => {
    if (logicalId !== 'Queue' || name !== 'Arn') throw new Error(`no ${logicalId}.${name}`);
    return 'arn:queue';
  },
  importValue: (name) => `imported ${name}`,
};

documented('intrinsic functions', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html', () => {
  test.each<[string, unknown, unknown]>([
    ['a resource', { Ref: 'Queue' }, 'http://127.0.0.1/queue'],
    ['a parameter', { Ref: 'Stage' }, 'development'],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['an attribute as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    ['an attribute as text', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:queue'],
    ['a joined list', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-development'],
    ['a joined list parameter', { 'Fn::Join': ['-', { Ref: 'Names' }] }, 'a-b'],
    ['substituted text', { 'Fn::Sub': '${AWS::Region}/${Queue}/${Queue.Arn}/${!Literal}' }, 'us-east-1/http://127.0.0.1/queue/arn:queue/${Literal}'],
    ['substituted text with variables', { 'Fn::Sub': ['${Own}/${Stage}', { Own: { Ref: 'AWS::AccountId' } }] }, '000000000000/development'],
    ['a selected element', { 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
    ['Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
    ['a mapping', { 'Fn::FindInMap': ['Sizes', 'large', 'batch'] }, 1000],
    ['an import', { 'Fn::ImportValue': { 'Fn::Sub': '${Stage}-topic' } }, 'imported development-topic'],
    ['a length', { 'Fn::Length': { Ref: 'Names' } }, 2],
    ['JSON text', { 'Fn::ToJsonString': { stage: { Ref: 'Stage' } } }, '{"stage":"development"}'],
    ['the branch of a condition', { 'Fn::If': ['IsProduction', 1, { Ref: 'Stage' }] }, 'development'],
    ['nothing', { 'Fn::If': ['IsProduction', 1, { Ref: 'AWS::NoValue' }] }, undefined],
    ['an object without what is nothing', { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
    ['the condition of a policy statement', { Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } },
      { Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } }],
  ])('evaluates %s', (_what, value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected);
  });
});

documented('conditions', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html', () => {
  test.each([['IsProduction', false], ['IsDevelopment', true], ['Both', false], ['Either', true]])('condition %s is %s', (name, expected) => {
    expect(holds(name, scope)).toBe(expected);
  });
});

documented('intrinsic functions that cannot be evaluated', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html', () => {
  test.each<[string, unknown, string]>([
    ['an unknown reference', { Ref: 'Nothing' }, "'Nothing' is no resource, parameter or pseudo parameter"],
    ['an unknown function', { 'Fn::Unheard': [] }, "intrinsic function 'Fn::Unheard' is not modelled"],
    ['an unknown mapping', { 'Fn::FindInMap': ['Sizes', 'medium', 'batch'] }, "no mapping 'Sizes.medium.batch'"],
    ['an index outside the list', { 'Fn::Select': [3, ['a']] }, "no element 3 in a list of 1"],
    ['an unknown condition', { 'Fn::If': ['Nothing', 1, 2] }, "no condition 'Nothing'"],
    ['a list that is none', { 'Fn::Join': 'text' }, 'needs a list, got "text"'],
  ])('fails for %s', (_what, value, message) => {
    expect(() => evaluate(value, scope)).toThrow(message);
  });
});

documented('Fn::Cidr', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html', () => {
  test.each<[string, unknown, unknown]>([
    ['divides a block', { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    ['begins where the block begins', { 'Fn::Cidr': ['10.0.255.0/20', 2, '10'] }, ['10.0.240.0/22', '10.0.244.0/22']],
    ['counts over the end of an octet', { 'Fn::Cidr': ['10.0.0.0/15', 2, 16] }, ['10.0.0.0/16', '10.1.0.0/16']],
  ])('%s', (_what, value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ['a block that is none', { 'Fn::Cidr': ['10.0.0.0', 1] }, "divides IPv4 blocks, got '10.0.0.0'"],
    ['a count outside of 1 to 256', { 'Fn::Cidr': ['10.0.0.0/8', 257] }, 'must have a count from 1 to 256, got 257'],
    ['more blocks than there is room for', { 'Fn::Cidr': ['10.0.0.0/24', 2, 8] }, 'cannot divide 10.0.0.0/24 into 2 blocks with 8 bits each'],
  ])('fails for %s', (_what, value, message) => {
    expect(() => evaluate(value, scope)).toThrow(message);
  });
});

documented('Fn::GetAZs', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html', () => {
  test.each<[string, unknown, unknown]>([
    ['names the zones of a region', { 'Fn::GetAZs': 'eu-west-1' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['takes its own region by default', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
  ])('%s', (_what, value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected);
  });
});

documented('Fn::FindInMap', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html', () => {
  test('takes the default value of an unknown key', () => {
    expect(evaluate({ 'Fn::FindInMap': ['Sizes', 'medium', 'batch', { DefaultValue: 7 }] }, scope)).toBe(7);
  });
});

documented('a function of rules', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html', () => {
  test.each<[string, unknown, unknown]>([
    ['Contains compares as text', { 'Fn::Contains': [['1', '2'], 2] }, true],
    ['EachMemberEquals looks at every member', { 'Fn::EachMemberEquals': [['a', 'b'], 'a'] }, false],
    ['EachMemberIn looks at every member', { 'Fn::EachMemberIn': [['a', 'b'], ['b', 'a', 'c']] }, true],
  ])('%s', (_what, value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected);
  });
});

test('a macro is refused', () => {
  expect(() => evaluate({ 'Fn::Transform': { Name: 'AWS::Include' } }, scope)).toThrow("'Fn::Transform' calls a macro, and the simulator has none");
});
