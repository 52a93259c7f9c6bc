import { evaluate, holds, type Scope } from '../../../simulator/cloudformation/intrinsics';
import type { Template } from '../../../simulator/cloudformation/template';

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

test.each([['IsProduction', false], ['IsDevelopment', true], ['Both', false], ['Either', true]])('condition %s is %s', (name, expected) => {
  expect(holds(name, scope)).toBe(expected);
});

test.each<[string, unknown, string]>([
  ['an unknown reference', { Ref: 'Nothing' }, "'Nothing' is no resource, parameter or pseudo parameter"],
  ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] }, "intrinsic function 'Fn::Cidr' is not modelled"],
  ['an unknown mapping', { 'Fn::FindInMap': ['Sizes', 'medium', 'batch'] }, "no mapping 'Sizes.medium.batch'"],
  ['an index outside the list', { 'Fn::Select': [3, ['a']] }, "no element 3 in a list of 1"],
  ['an unknown condition', { 'Fn::If': ['Nothing', 1, 2] }, "no condition 'Nothing'"],
  ['a list that is none', { 'Fn::Join': 'text' }, 'needs a list, got "text"'],
])('fails for %s', (_what, value, message) => {
  expect(() => evaluate(value, scope)).toThrow(message);
});
