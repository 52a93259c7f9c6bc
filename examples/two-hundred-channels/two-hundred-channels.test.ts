import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import { Simulation } from 'cdk-messaging/simulator';
import { buildSync } from 'esbuild';
import { addChannels } from './add-channels';

interface Template {
  readonly Resources: Record<string, { Type: string; Properties?: { RedrivePolicy?: unknown } }>;
}

const root = join(__dirname, '../..');

/** The app as the CDK command line runs it, in a process of its own: Jest's sandbox makes large syntheses ten times slower. */
function synthesize(): { templates: Template[]; seconds: number; messages: string } {
  const folder = mkdtempSync(join(root, 'build', 'channels-'));
  const output = mkdtempSync(join(tmpdir(), 'channels-'));
  cpSync(join(__dirname, 'consumer'), join(folder, 'consumer'), { recursive: true });
  buildSync({
    entryPoints: [join(__dirname, 'app.ts')], outfile: join(folder, 'app.js'), bundle: true, platform: 'node',
    external: ['aws-cdk-lib', 'constructs'], alias: { 'cdk-messaging': join(root, 'lib/index.ts') },
  });
  const started = performance.now();
  execFileSync(process.execPath, [join(folder, 'app.js')], { env: { ...process.env, CDK_OUTDIR: output } });
  const seconds = (performance.now() - started) / 1000;
  rmSync(folder, { recursive: true });
  const read = (file: string): string => readFileSync(join(output, file), 'utf8');
  return {
    seconds,
    templates: readdirSync(output).filter((file) => /^(?!Operations).*\.template\.json$/.test(file)).map((file) => JSON.parse(read(file)) as Template),
    messages: readdirSync(output).filter((file) => file.endsWith('.metadata.json')).map(read).join(),
  };
}

describe('two hundred channels', () => {
  const { templates, seconds, messages } = synthesize();

  test('are split over ten stacks, none of which comes near the limit', () => {
    const resources = templates.map(({ Resources }) => Object.keys(Resources).length);
    expect(resources).toHaveLength(10);
    expect(Math.max(...resources)).toBeLessThan(400);
    expect(messages).toContain('aws:cdk:logicalId');
    expect(messages).not.toContain('of 500 resources');
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
