import { App, Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Simulation } from 'cdk-messaging/simulator';
import { addChannels } from './add-channels';
import { twoHundredChannels } from './channels';

interface Template {
  readonly Resources: Record<string, { Type: string; Properties?: { RedrivePolicy?: unknown } }>;
}

describe('two hundred channels', () => {
  const app = new App();
  const stacks = addChannels(app, twoHundredChannels);
  const started = performance.now();
  const assembly = app.synth();
  const seconds = (performance.now() - started) / 1000;
  const templates = stacks.map((stack) => assembly.getStackByName(stack.stackName).template as Template);

  test('are split over ten stacks, none of which comes near the limit', () => {
    const resources = templates.map(({ Resources }) => Object.keys(Resources).length);
    expect(resources).toHaveLength(10);
    expect(Math.max(...resources)).toBeLessThan(400);
    for (const stack of stacks) Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('of 500 resources'));
  });

  test('have a subscription, a queue and a consumer each, and three alarms', () => {
    const types = templates.flatMap(({ Resources }) => Object.values(Resources));
    const count = (type: string): number => types.filter(({ Type }) => Type === type).length;
    expect(types.filter(({ Type, Properties }) => Type === 'AWS::SQS::Queue' && Properties?.RedrivePolicy)).toHaveLength(200);
    expect(count('AWS::SNS::Topic')).toBe(10);
    expect(count('AWS::SNS::Subscription')).toBe(200);
    expect(count('AWS::Lambda::EventSourceMapping')).toBe(200);
    expect(count('AWS::CloudWatch::Alarm')).toBe(600);
  });

  test('would not fit into one stack', () => {
    expect(templates.reduce((sum, { Resources }) => sum + Object.keys(Resources).length, 0)).toBeGreaterThan(6 * 400);
  });

  test('are synthesized in less than a minute', () => {
    expect(seconds).toBeLessThan(60);
  });

  test('get the messages with their name, and no other', async () => {
    const own = new App();
    addChannels(own, [{ name: 'Orders', channels: ['IndexHome', 'AuditHome'] }]);
    const simulation = await Simulation.start(own);
    await simulation.topic('Topic').publish({ document: 'order-1' }, { attributes: { channel: 'IndexHome' } });
    await simulation.topic('Topic').publish({ order: 'without a document' }, { attributes: { channel: 'AuditHome' } });
    await simulation.advance(Duration.hours(1));

    expect(simulation.function('IndexHome/Function').logs).toContain('Took order-1');
    expect(simulation.queue('AuditHome/Queue/DeadLetterQueue').messages).toHaveLength(1);
    expect(simulation.alarm('AuditHome/QueueAlarms/DeadLetters').state).toBe('ALARM');
    expect(simulation.alarm('IndexHome/QueueAlarms/DeadLetters').state).toBe('OK');
    await simulation.stop();
  });
});
