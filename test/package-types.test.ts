import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');
let project: string;

/** What TypeScript says to a user who has the package in `node_modules`. */
function compile(source: string): string {
  writeFileSync(join(project, 'index.ts'), source);
  const compiler = join(root, 'node_modules', 'typescript7', 'bin', 'tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [
    compiler, '--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--module', 'node20', '--types', 'node,jest',
    'index.ts',
  ], { cwd: project, encoding: 'utf8' });
  return stdout + stderr;
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'cdk-messaging-user-'));
  mkdirSync(join(project, 'node_modules', '@types'), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{"name":"user","private":true}');
  symlinkSync(root, join(project, 'node_modules', 'cdk-messaging'));
  for (const name of ['aws-cdk-lib', 'constructs', '@types/node', '@types/jest', '@types/aws-lambda']) {
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  }
});
afterAll(() => rmSync(project, { recursive: true }));

/** @see https://www.typescriptlang.org/docs/handbook/modules/reference.html */
describe('The types of the published package', () => {
  test('compile in a strict project of a user, which checks them as well, through each of its entry points, and refuse a wrong type', () => {
    expect(compile(`
      import { App, Duration, Stack } from 'aws-cdk-lib';
      import { DurableQueue, MessageArchive } from 'cdk-messaging';
      import { consumer } from 'cdk-messaging/handler';
      import { Simulation } from 'cdk-messaging/simulator';
      import 'cdk-messaging/simulator/matchers';

      const stack = new Stack(new App(), 'Test');
      export const queue = new DurableQueue(stack, 'Orders', { maxReceiveCount: 5 });
      // @ts-expect-error a number is wanted
      export const wrong = new DurableQueue(stack, 'Wrong', { maxReceiveCount: 'often' });
      export const archive = new MessageArchive(stack, 'Archive', { policiesManagedElsewhere: true });
      export const handler: unknown = consumer;
      export async function simulate(): Promise<void> {
        const simulation: Simulation = await Simulation.start(stack);
        await simulation.advance(Duration.hours(1));
      }
    `)).toBe('');
  }, 30_000);
});
