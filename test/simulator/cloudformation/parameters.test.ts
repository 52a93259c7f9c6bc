import { parameterValues } from '../../../simulator/cloudformation/parameters';
import type { TemplateParameter } from '../../../simulator/cloudformation/template';
import { documented } from '../documented';
import { thing, thingStacks } from './things';

const store = (name: string) => ({ '/one': 'first', '/list': 'a,b' })[name];

const valuesOf = (parameter: TemplateParameter, value?: string) => (
  parameterValues({ Parameters: { P: parameter } }, value === undefined ? {} : { P: value }, store)
);

documented('a parameter', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html', () => {
  test.each<[string, TemplateParameter, string | undefined, unknown]>([
    ['text', { Type: 'String' }, 'a', 'a'],
    ['the default', { Type: 'String', Default: 'd' }, undefined, 'd'],
    ['a number as text', { Type: 'Number', Default: 5 }, undefined, '5'],
    ['a list', { Type: 'CommaDelimitedList' }, 'a, b', ['a', 'b']],
    ['a list of numbers', { Type: 'List<Number>' }, '1,2', ['1', '2']],
    ['an empty list', { Type: 'CommaDelimitedList', Default: '' }, undefined, []],
    ['a list of identifiers', { Type: 'List<AWS::EC2::Subnet::Id>' }, 'subnet-1,subnet-2', ['subnet-1', 'subnet-2']],
    ['what Parameter Store holds', { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/one' }, undefined, 'first'],
    ['a list of Parameter Store', { Type: 'AWS::SSM::Parameter::Value<List<String>>' }, '/list', ['a', 'b']],
    ['an allowed value', { Type: 'String', AllowedValues: ['a', 'b'] }, 'b', 'b'],
    ['the least number', { Type: 'Number', MinValue: 1, MaxValue: 3 }, '1', '1'],
    ['the greatest number', { Type: 'Number', MinValue: 1, MaxValue: 3 }, '3', '3'],
    ['a text that fits the pattern', { Type: 'String', AllowedPattern: '[a-z]+' }, 'abc', 'abc'],
    ['a text of the least length', { Type: 'String', MinLength: 2, MaxLength: 3 }, 'ab', 'ab'],
  ])('can be %s', (_what, parameter, value, expected) => {
    expect(valuesOf(parameter, value).resolved).toEqual({ P: expected });
  });

  test.each<[string, TemplateParameter, string | undefined, string]>([
    ['is missing', { Type: 'String' }, undefined, 'Parameters: [P] must have values'],
    ['is no number', { Type: 'Number' }, 'many', "Parameter 'P' must be a number, got 'many'"],
    ['is no number in a list', { Type: 'List<Number>' }, '1,x', "Parameter 'P' must be a number, got 'x'"],
    ['is not among the allowed values', { Type: 'String', AllowedValues: ['a', 'b'] }, 'c', "Parameter 'P' must be one of AllowedValues: a, b, got 'c'"],
    ['does not fit the whole pattern', { Type: 'String', AllowedPattern: '[a-z]+' }, 'ab1', "Parameter 'P' must match pattern [a-z]+, got 'ab1'"],
    ['is too short', { Type: 'String', MinLength: 2, MaxLength: 3 }, 'a', "Parameter 'P' must have a length from 2 to 3, got 1"],
    ['is too long', { Type: 'String', MaxLength: 3 }, 'abcd', "Parameter 'P' must have a length to 3, got 4"],
    ['is too small', { Type: 'Number', MinValue: 1 }, '0', "Parameter 'P' must be a number from 1, got 0"],
    ['is too great', { Type: 'Number', MinValue: 1, MaxValue: '3' }, '4', "Parameter 'P' must be a number from 1 to 3, got 4"],
    ['breaks a described constraint', { Type: 'String', AllowedPattern: 'a', ConstraintDescription: 'be a' }, 'b', 'Parameter P failed to satisfy constraint: be a'],
    ['is not in Parameter Store', { Type: 'AWS::SSM::Parameter::Value<String>' }, '/two', 'Unable to fetch parameters [/two] from parameter store for this account.'],
  ])('fails when it %s', (_what, parameter, value, message) => {
    expect(() => valuesOf(parameter, value)).toThrow(message);
  });

  test('fails when the template has none of the name', () => {
    expect(() => parameterValues({}, { Other: 'a' }, store)).toThrow('Parameters: [Other] do not exist in the template');
  });

  test('that is not to be echoed is not shown, but used', () => {
    const { shown, resolved } = valuesOf({ Type: 'String', NoEcho: true }, 'secret');
    expect(shown).toEqual({ P: '****' });
    expect(resolved).toEqual({ P: 'secret' });
  });

  test('keeps its previous value where the update says so, also one that is not shown', () => {
    const { stacks } = thingStacks();
    const template = (Size: number) => ({
      Parameters: { P: { Type: 'String', NoEcho: true } }, Resources: { A: thing({ Size }) }, Outputs: { P: { Value: { Ref: 'P' } } },
    });
    stacks.deploy({ name: 'Shop', template: template(1), parameters: { P: 'secret' } });
    expect(stacks.deploy({ name: 'Shop', template: template(2), previousParameters: ['P'] }).outputs).toEqual({ P: 'secret' });
    expect(() => stacks.deploy({ name: 'Other', template: template(1), previousParameters: ['P'] })).toThrow('Cannot specify usePreviousValue');
  });
});

documented('a rule', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html', () => {
  const bootstrapped = (Default: string) => ({
    Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default } },
    Rules: {
      CheckBootstrapVersion: {
        Assertions: [{
          Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }] },
          AssertDescription: 'CDK bootstrap stack version 6 required.',
        }],
      },
    },
    Resources: { A: thing() },
  });

  test('of the CDK finds the account bootstrapped', () => {
    expect(thingStacks().stacks.deploy({ name: 'Shop', template: bootstrapped('/cdk-bootstrap/hnb659fds/version') }).status).toBe('CREATE_COMPLETE');
  });

  test('that does not hold refuses the stack', () => {
    const { stacks } = thingStacks();
    stacks.parameterStore = () => '5';
    expect(() => stacks.deploy({ name: 'Shop', template: bootstrapped('/cdk-bootstrap/hnb659fds/version') }))
      .toThrow('Rules of the template do not hold: CheckBootstrapVersion: CDK bootstrap stack version 6 required.');
  });

  test('counts only where its condition holds', () => {
    const rule = (RuleCondition: unknown) => ({ Rules: { R: { RuleCondition, Assertions: [{ Assert: { 'Fn::Equals': ['a', 'b'] } }] } }, Resources: { A: thing() } });
    expect(thingStacks().stacks.deploy({ name: 'Shop', template: rule({ 'Fn::Equals': ['a', 'b'] }) }).status).toBe('CREATE_COMPLETE');
    expect(() => thingStacks().stacks.deploy({ name: 'Shop', template: rule({ 'Fn::Equals': ['a', 'a'] }) })).toThrow('R: {"Fn::Equals":["a","b"]}');
  });
});
