import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { providersFor } from '../../../simulator/cloudformation/providers';
import { documented } from '../documented';
import { place } from './things';

interface Specified {
  readonly cloudFormationType: string;
  readonly properties: Readonly<Record<string, { readonly causesReplacement?: string }>>;
}

/**
 * AWS's resource specification, as the CDK command line brings it along for `cdk diff`; each type's page says the same with
 * "Update requires: Replacement":
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
const specification = new Map((JSON.parse(
  gunzipSync(readFileSync(join(dirname(require.resolve('aws-cdk/package.json')), 'db.json.gz'))).toString(),
) as { schema: { resource: { entities: readonly Specified[] } } }).schema.resource.entities.map((one) => [one.cloudFormationType, one]));

/** No provider is called here: what they would create their resources in does not matter. */
const services = new Proxy({}, { get: (_, name) => (name === 'place' ? place : {}) });

const providers = [...providersFor(services as never).values()].filter(({ type }) => specification.has(type));

documented('the update of a resource', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html', () => {
  test.each(providers.map((provider) => [provider.type, provider] as const))('%s is replaced for the properties that AWS specifies', (type, provider) => {
    const known = [...provider.modelled, ...provider.withoutEffect ?? []];
    const specified = Object.entries(specification.get(type)!.properties)
      .filter(([name, { causesReplacement }]) => causesReplacement === 'yes' && known.includes(name)).map(([name]) => name);
    expect([...provider.replaces ?? []].sort()).toEqual(specified.sort());
  });
});

test.each(providers.map((provider) => [provider.type, provider] as const))('%s can be deleted', (_type, provider) => {
  expect(provider.delete).toBeDefined();
});

test('the types that the CDK makes itself can be changed and deleted as well', () => {
  const own = [...providersFor(services as never).values()].filter(({ type }) => !specification.has(type));
  expect(own.map(({ type }) => type)).toEqual(expect.arrayContaining(['Custom::S3BucketNotifications', 'Custom::S3AutoDeleteObjects']));
  expect(own.filter((provider) => !provider.update || !provider.delete)).toEqual([]);
});
