import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { preProcessFile } from 'typescript';

const root = join(__dirname, '..');

/** What every service of the simulator may know: not the other services. */
const ground = ['simulator/arn.ts', 'simulator/clock.ts', 'simulator/contracts.ts', 'simulator/events.ts', 'simulator/random.ts'];
const services = [
  'chatbot', 'cloudwatch', 'dynamodb', 'event-source-mapping', 'eventbridge', 'firehose', 'iam', 'lambda', 'logs', 's3', 'sns', 'sqs', 'ssm',
].map((service) => `simulator/${service}`);
const simulatorEntry = 'simulator/index.ts';

/** By room, the rooms and packages that it may import besides itself and Node.js; the longest name that fits a file is its room. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  bin: ['lib', 'cli', 'aws-cdk-lib'],
  lib: ['aws-cdk-lib', 'constructs'],
  lambda: ['@aws-lambda-powertools/', '@aws-sdk/', 'aws-lambda', 'zod'],
  handler: ['@aws-lambda-powertools/'],
  cli: [simulatorEntry, '@aws-sdk/', 'cli-table3', 'commander'],
  examples: ['cdk-messaging', 'aws-cdk-lib', 'constructs', 'esbuild'],
  // measures what is inside
  benchmark: ['lib', 'lambda', 'simulator', 'cli', '@aws-lambda-powertools/', '@aws-sdk/', 'aws-cdk-lib'],

  'simulator/arn.ts': [],
  'simulator/clock.ts': [],
  'simulator/random.ts': ['pure-rand'],
  'simulator/events.ts': [],
  'simulator/contracts.ts': ['simulator/clock.ts'],
  ...Object.fromEntries(services.map((service) => [service, ground])),
  // one language of patterns for both
  'simulator/event-pattern': [],
  'simulator/event-source-mapping': [...ground, 'simulator/event-pattern'],
  'simulator/eventbridge': [...ground, 'simulator/event-pattern'],
  'simulator/faults': ground,
  'simulator/journal': ['simulator/events.ts'],
  'simulator/trace': ['simulator/arn.ts', 'simulator/journal'],
  'simulator/ledger.ts': ['simulator/events.ts', 'simulator/journal'],
  'simulator/tally.ts': ['simulator/events.ts'],
  // speaks the services' protocols; those of S3 are no plain calls
  'simulator/server': ['simulator/arn.ts', 'simulator/contracts.ts', 'simulator/s3', 'fast-xml-parser'],
  // builds the services from a template
  'simulator/cloudformation': [...ground, ...services, 'fflate'],
  'simulator/resources': ['simulator/contracts.ts', 'simulator/tally.ts', 'simulator/trace', ...services],
  'simulator/matchers': ['simulator/resources', 'simulator/trace'],
  'simulator/inventory.ts': ['simulator/arn.ts', 'simulator/cloudformation'],
  'simulator/names.ts': ['simulator/arn.ts', 'simulator/inventory.ts', 'simulator/cloudformation'],
  'simulator/source.ts': ['simulator/cloudformation', 'aws-cdk-lib', 'constructs'],
  'simulator/simulation-options.ts': ['simulator/cloudformation', 'simulator/faults', ...services],
  // the one place where the services meet
  'simulator/account': [
    ...ground, ...services, 'simulator/cloudformation', 'simulator/faults', 'simulator/server', 'simulator/simulation-options.ts',
  ],
  'simulator/simulation.ts': [
    ...ground, 'simulator/account', 'simulator/cloudformation', 'simulator/faults', 'simulator/iam', 'simulator/inventory.ts', 'simulator/journal',
    'simulator/ledger.ts', 'simulator/names.ts', 'simulator/resources', 'simulator/server', 'simulator/simulation-options.ts',
    'simulator/source.ts', 'simulator/tally.ts', 'simulator/trace',
  ],
  [simulatorEntry]: ['simulator'],
};

const rooms = Object.keys(allowed).sort((one, other) => other.length - one.length);
const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { include: string[] };
const files = include.filter((folder) => folder !== 'test').flatMap(sourcesIn);

test('every source file is in a room whose arrows are declared', () => {
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
});

test('no import goes against the design', () => {
  const wrong = files.flatMap((file) => importsOf(file).filter((target) => !mayImport(file, target)).map((target) => `${file} imports ${target}`));
  expect(wrong).toEqual([]);
});

test('no room leads back to itself over others', () => {
  expect(inCircles(rooms, arrowsOf)).toEqual([]);
});

test('no file needs itself to be loaded, over whichever others', () => {
  const needed = new Map(files.map((file) => [file, importsOf(file, withoutTypes(read(file)))]));
  expect(inCircles(files, (file) => needed.get(file) ?? [])).toEqual([]);
});

test('an import counts for loading when any of its names is a value', () => {
  const imports = ["import type { One } from './one';", "import { type Two, type Three } from './two';", "import { type Four, five } from './five';",
    "export type { Six } from './six';", "import {\n  type Seven,\n  eight,\n} from './eight';", "export * from './nine';"];
  expect(importsOf('lib/index.ts', withoutTypes(imports.join('\n')))).toEqual(['lib/five', 'lib/eight', 'lib/nine']);
});

test.each([
  ['simulator/sns/topic.ts', 'simulator/sqs/queue.ts'],
  ['simulator/simulation.ts', 'lib/index.ts'],
  ['simulator/clock.ts', 'simulator/events.ts'],
  ['lib/durable-queue.ts', 'lambda/archiver.ts'],
  ['lib/durable-queue.ts', '@aws-sdk/client-sqs'],
  ['lambda/archiver.ts', 'lib/index.ts'],
  ['cli/start.ts', 'simulator/sqs/index.ts'],
  ['cli/start.ts', 'lib/index.ts'],
])('%s may not import %s', (file, target) => {
  expect(mayImport(file, target)).toBe(false);
});

test('no source file is longer than 300 lines', () => {
  const long = files.map((file) => [file, read(file).trimEnd().split('\n').length] as const).filter(([, lines]) => lines > 300);
  expect(long).toEqual([]);
});

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesIn(path);
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : [];
  });
}

function roomOf(path: string): string | undefined {
  return rooms.find((room) => path === room || path.startsWith(`${room}/`));
}

/** What files import, types included: other files by their path in the repository, packages by their name. */
function importsOf(file: string, text = read(file)): string[] {
  return preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
    if (!fileName.startsWith('.')) return fileName;
    const target = relative(root, join(root, dirname(file), fileName));
    return [`${target}.ts`, `${target}/index.ts`].find((path) => existsSync(join(root, path))) ?? target;
  });
}

/** A file without the imports of types alone, of which nothing is left when it runs. */
function withoutTypes(text: string): string {
  return text.replace(/^(?:import|export) (?:type [^;]*|\{(?:\s*type \w+,?)+\s*\} from [^;]*);/gm, '');
}

/** The nodes that the arrows lead back to. */
function inCircles(nodes: readonly string[], arrows: (node: string) => readonly string[]): string[] {
  const leadsTo = (node: string, target: string, seen: Set<string>): boolean => arrows(node).some((next) => {
    if (next === target) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return leadsTo(next, target, seen);
  });
  return nodes.filter((node) => leadsTo(node, node, new Set()));
}

function mayImport(file: string, target: string): boolean {
  if (target.startsWith('node:') || builtinModules.includes(target)) return true;
  const room = roomOf(file)!;
  return roomOf(target) === room || allowed[room].some((one) => target === one || target.startsWith(one.endsWith('/') ? one : `${one}/`));
}

function arrowsOf(room: string): readonly string[] {
  return allowed[room].flatMap((target) => roomOf(target) ?? []);
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
