import { gunzipSync } from 'node:zlib';
import { Duration } from 'aws-cdk-lib';
import { ArchiveTable, FanOutTopic, MessageArchive } from '../../lib';
import { Simulation } from '../../simulator';
import { newStack, resolve } from '../lib/set-up';

interface TableInput {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly partitionKeys: readonly { readonly name: string }[];
  readonly storageDescriptor: {
    readonly columns: readonly { readonly name: string }[];
    readonly serdeInfo: { readonly parameters: Readonly<Record<string, string>> };
  };
}

// https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
// https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
test('every object of the archiver is where the table projects a partition, and its lines have the columns of the table', async () => {
  const stack = newStack();
  const topic = new FanOutTopic(stack, 'Orders');
  const archive = new MessageArchive(stack, 'Archive');
  archive.addTopic('Orders', topic);
  const { table } = new ArchiveTable(stack, 'Table', { archive });
  const { parameters, partitionKeys, storageDescriptor } = resolve(stack, table.tableInput) as TableInput;
  const simulation = await Simulation.start(stack, { startTime: new Date('2026-12-31T23:59:30.000Z') });
  for (let minute = 0; minute < 3; minute++) {
    await simulation.topic('Orders').publish(`order ${minute}`, { attributes: { Channel: 'shop' } });
    await simulation.advance(Duration.minutes(1));
  }
  await simulation.advance(Duration.minutes(2));

  const template = JSON.stringify(parameters['storage.location.template']);
  const folder = /\/messages\/[^"]*/.exec(template)![0].slice(1);
  const expected = new RegExp(`^${partitionKeys.reduce((pattern, { name }) => (
    pattern.replace(`\${${name}}`, name === 'year' ? '20\\d\\d' : `\\d{${String(parameters[`projection.${name}.digits`])}}`)
  ), folder)}[^/]+$`);
  const { objects } = simulation.bucket('Archive');
  expect(objects.length).toBeGreaterThan(1);
  const { columns, serdeInfo } = storageDescriptor;
  const fields = columns.map(({ name }) => serdeInfo.parameters[`mapping.${name}`] ?? name).sort();
  for (const { key, body } of objects) {
    expect(key).toMatch(expected);
    for (const line of gunzipSync(body).toString().trimEnd().split('\n')) {
      expect(Object.keys(JSON.parse(line) as object).sort()).toEqual(fields);
    }
  }
  await simulation.stop();
});
