import { inputFor } from '../../../simulator/eventbridge/input';
import type { Target } from '../../../simulator/eventbridge';
import { documented } from '../documented';

const event = {
  version: '0', id: '7bf73129-1428-4cd3-a780-95db273d1602', 'detail-type': 'EC2 Instance State-change Notification', source: 'aws.ec2',
  account: '123456789012', time: '2015-11-11T21:29:54Z', region: 'us-east-1', resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111'],
  detail: { 'instance-id': 'i-0123456789', state: 'RUNNING', nothing: null, tags: [{ name: 'a' }, { name: 'b' }], nested: { 'a/b': 'x"y' }, count: 3 },
} as const;
const rule = { arn: 'arn:aws:events:us-east-2:123456789012:rule/example', name: 'example' };
const ingestedAt = Date.UTC(2015, 10, 11, 21, 29, 55);
const target = { Id: 'one', Arn: 'arn:aws:sqs:us-east-2:123456789012:queue' };
const input = (more: Partial<Target>) => inputFor({ ...target, ...more }, { event, rule, ingestedAt });
const InputPathsMap = { timestamp: '$.time', instance: '$.detail.instance-id', state: '$.detail.state', missing: '$.detail.absent', nested: '$.detail.nested', nothing: '$.detail.nothing' };
const transformed = (InputTemplate: string) => input({ InputTransformer: { InputPathsMap, InputTemplate } });

documented('the input of a target', 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html', () => {
  test('is the event', () => {
    expect(JSON.parse(input({}))).toEqual(event);
  });

  test('is what `Input` says in place of it', () => {
    expect(input({ Input: '{"a": 1}' })).toBe('{"a": 1}');
  });

  test.each([
    ['$', event],
    ['$.detail', event.detail],
    ['$.detail.state', 'RUNNING'],
    ['$.detail-type', event['detail-type']],
    ['$.resources[0]', event.resources[0]],
    ['$.detail.tags[*].name', ['a', 'b']],
    ['$.detail.tags[1]', { name: 'b' }],
    ['$.detail.nested.*', ['x"y']],
    ['$.detail.nested.a/b', 'x"y'],
    ["$.detail['instance-id']", 'i-0123456789'],
    ['$.detail.nothing', null],
    ['$.detail.absent', null],
    ['$.detail.state.length', null],
    ['$.detail.nothing.more', null],
    ['$.detail.toString', null],
  ])('is the part at the `InputPath` %s', (InputPath, expected) => {
    expect(JSON.parse(input({ InputPath }))).toEqual(expected);
  });
});

documented('an input template', 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html', () => {
  test.each([
    ['a text', '"instance <instance> is in <state>"', '"instance i-0123456789 is in RUNNING"'],
    ['a text with escaped quotation marks', '"instance \\"<instance>\\" is in <state>"', '"instance \\"i-0123456789\\" is in RUNNING"'],
    ['a text with a reserved variable', '"<aws.events.rule-name> triggered"', '"example triggered"'],
    ['texts in several lines', '"<instance>"\n"is in <state>"', '"i-0123456789"\n"is in RUNNING"'],
    ['a text with what looks like a variable', '"a < b > c"', '"a < b > c"'],
  ])('gives %s', (_what, template, expected) => {
    expect(transformed(template)).toBe(expected);
  });

  test.each([
    ['plain JSON', '{\n "instance" : <instance>,\n "state": <state>\n}', { instance: 'i-0123456789', state: 'RUNNING' }],
    ['JSON with texts and variables', '{"instance": <instance>, "state": "<state>", "instanceStatus": "instance \\"<instance>\\" is in <state>"}',
      { instance: 'i-0123456789', state: 'RUNNING', instanceStatus: 'instance "i-0123456789" is in RUNNING' }],
    ['JSON with variables and what is fixed', '{"instance": <instance>, "state": [9, <state>, true], "Transformed": "Yes"}',
      { instance: 'i-0123456789', state: [9, 'RUNNING', true], Transformed: 'Yes' }],
    ['JSON with reserved variables', '{"ruleArn": <aws.events.rule-arn>, "ruleName": <aws.events.rule-name>, "at": <aws.events.event.ingestion-time>}',
      { ruleArn: rule.arn, ruleName: 'example', at: '2015-11-11T21:29:55Z' }],
    ['JSON with the event', '{"originalEvent": <aws.events.event.json>}', { originalEvent: event }],
    ['JSON with the event but for its detail', '{"originalEvent": <aws.events.event>}', { originalEvent: { ...event, detail: undefined } }],
    ['JSON with an object', '{"nested": <nested>}', { nested: event.detail.nested }],
    ['nothing for a variable that the event lacks', '{"a": <missing>, "b": "x<missing>y"}', { a: '', b: 'xy' }],
    ['an object in a text without its quotation marks', '{"a": "<aws.events.event>"}', { a: JSON.stringify({ ...event, detail: undefined }).replaceAll('"', '') }],
    ['null', '{"a": <nothing>}', { a: null }],
    ['a list', '[<state>, 1]', ['RUNNING', 1]],
  ])('gives %s', (_what, template, expected) => {
    expect(JSON.parse(transformed(template))).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  test('gives JSON without spaces', () => {
    expect(transformed('{ "state" : <state> }')).toBe('{"state":"RUNNING"}');
  });

  test('fails when a value that is not escaped breaks the JSON', () => {
    const InputTransformer = { InputPathsMap: { quoted: '$.detail.nested.a/b' }, InputTemplate: '{"a": "<quoted>"}' };
    expect(() => input({ InputTransformer })).toThrow(expect.objectContaining({ code: 'InvalidJson' }));
  });
});
