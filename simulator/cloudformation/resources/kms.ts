import type { Place } from '../../contracts';
import type { AccessControl, PolicyDocument } from '../../iam';
import type { Random } from '../../random';
import { alreadyExists, type Properties, type ResourceProvider } from '../provider';

export function kmsProviders(place: Place, random: Random, access: AccessControl): ResourceProvider[] {
  const { partition, region, account } = place;
  const inRegion = `arn:${partition}:kms:${region}:${account}`;
  const keyArn = (id: string): string => `${inRegion}:key/${id}`;
  // what KMS gives a key that is made without a policy
  const accountKeyPolicy: PolicyDocument = {
    Statement: { Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
  };
  const policyOf = (properties: Properties): PolicyDocument => properties.object<PolicyDocument>('KeyPolicy') ?? accountKeyPolicy;
  /** What is gone can be used by nobody. */
  const nobody: PolicyDocument = { Statement: [] };

  const aliases = new Set<string>();
  const namesOf = (alias: string): string[] => [alias, `${inRegion}:${alias}`];
  const point = (alias: string, properties: Properties): void => {
    const key = access.key(properties.requiredText('TargetKeyId'));
    if (!key) throw new Error(`'TargetKeyId' names '${properties.text('TargetKeyId')}', which is no key of this simulation`);
    for (const name of namesOf(alias)) access.addKey(name, key);
  };
  return [
    {
      type: 'AWS::KMS::Key',
      modelled: ['KeyPolicy', 'Enabled', 'KeySpec', 'KeyUsage'],
      withoutEffect: ['Description', 'EnableKeyRotation', 'RotationPeriodInDays', 'PendingWindowInDays', 'Tags'],
      create({ properties }) {
        const id = random.uuid();
        const key = { arn: keyArn(id), policy: policyOf(properties) };
        for (const name of [id, key.arn]) access.addKey(name, key);
        return { ref: id, attributes: { Arn: key.arn, KeyId: id } };
      },
      update({ ref, properties, previous }) {
        for (const name of ['Enabled', 'KeySpec', 'KeyUsage']) {
          if (properties.text(name) !== previous.text(name)) throw new Error(`'${name}' of a key cannot change in the simulator, got ${properties.text(name)}`);
        }
        access.key(ref)!.policy = policyOf(properties);
      },
      // It waits for its deletion, and can no longer be used.
      delete({ ref }) {
        access.key(ref)!.policy = nobody;
      },
    },
    {
      type: 'AWS::KMS::Alias',
      modelled: ['AliasName', 'TargetKeyId'],
      replaces: ['AliasName'],
      namedBy: 'AliasName',
      create({ type, properties }) {
        const alias = properties.requiredText('AliasName');
        if (aliases.has(alias)) throw alreadyExists(type, alias);
        point(alias, properties);
        aliases.add(alias);
        return { ref: alias };
      },
      update: ({ ref, properties }) => point(ref, properties),
      delete({ ref }) {
        for (const name of namesOf(ref)) access.addKey(name, { arn: name, policy: nobody });
        aliases.delete(ref);
      },
    },
  ];
}
