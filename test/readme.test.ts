import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The code of the README is that of files that are compiled and run: an example, and its own test. */
test.each([
  'examples/newsletter/newsletter-stack.ts',
  'examples/newsletter/mailer/index.js',
  'examples/newsletter/newsletter.test.ts',
])('the README shows %s as it is', (file) => {
  expect(readme).toContain(`\`\`\`${file.endsWith('.ts') ? 'ts' : 'js'}\n${readFileSync(join(root, file), 'utf8')}\`\`\``);
});

test('the README of the simulator shows an example that is run', () => {
  const simulator = readFileSync(join(root, 'simulator/README.md'), 'utf8');
  expect(simulator).toContain(`\`\`\`ts\n${readFileSync(join(root, 'examples/newsletter/bad-day.test.ts'), 'utf8')}\`\`\``);
  expect([...simulator.matchAll(/^```ts$/gm)]).toHaveLength(1);
});

test('the README shows no other code than that', () => {
  expect([...readme.matchAll(/^```(ts|js)$/gm)]).toHaveLength(3);
});

test('every file that the README links to exists', () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g)].map(([, file]) => file);
  expect(links.length).toBeGreaterThan(0);
  for (const file of links) expect(existsSync(join(root, file)) ? file : `${file} is missing`).toBe(file);
});

test('every file that the README of the simulator links to exists', () => {
  const simulator = readFileSync(join(root, 'simulator/README.md'), 'utf8');
  const links = [...simulator.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)].map(([, file]) => file);
  expect(links.length).toBeGreaterThan(0);
  for (const file of links) expect(existsSync(join(root, 'simulator', file)) ? file : `${file} is missing`).toBe(file);
});

test('every heading that the README links to exists', () => {
  const anchors = new Set([...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => (
    heading.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-')
  )));
  for (const [, anchor] of readme.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});

test('every npm script that the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = [...readme.matchAll(/npm (?:run )?(start|test|build|lint|[a-z]+:[a-z]+)\b/g)].map(([, script]) => script);
  expect(named).toEqual(expect.arrayContaining(['start', 'test']));
  for (const script of named) expect(Object.keys(scripts)).toContain(script);
});
