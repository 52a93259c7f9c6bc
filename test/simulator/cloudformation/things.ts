import { Properties, type ResourceProvider } from '../../../simulator/cloudformation/provider';
import { Stacks } from '../../../simulator/cloudformation/stacks';
import type { Template, TemplateResource } from '../../../simulator/cloudformation/template';
import { Random } from '../../../simulator/random';

export const place = { account: '000000000000', region: 'us-east-1', partition: 'aws', endpoint: 'http://127.0.0.1:1' };

/** Stacks of `Test::Thing`s, whose present properties and history a test can look at. */
export function thingStacks() {
  const present = new Map<string, Readonly<Record<string, unknown>>>();
  const done: string[] = [];
  const check = (properties: Properties): void => {
    if (properties.number('Size') === 0) throw new Error('\'Size\' must be at least 1, got 0');
  };
  const thing: ResourceProvider = {
    type: 'Test::Thing', modelled: ['Name', 'Kind', 'Size', 'Other'], withoutEffect: ['Note'], replaces: ['Name', 'Kind'], namedBy: 'Name',
    create({ logicalId, properties, physicalName }) {
      check(properties);
      const ref = properties.text('Name') ?? physicalName(60);
      present.set(ref, properties.all());
      done.push(`create ${logicalId}`);
      return { ref, attributes: { Arn: `arn:${ref}` } };
    },
    update({ logicalId, ref, properties }) {
      done.push(`update ${logicalId}`);
      present.set(ref, properties.all());
      check(properties);
    },
    delete({ logicalId, ref, properties }) {
      if (properties.text('Other') === 'full') throw new Error('it is not empty');
      done.push(`delete ${logicalId}`);
      present.delete(ref);
    },
  };
  const fixed: ResourceProvider = { type: 'Test::Fixed', modelled: ['Size'], withoutEffect: ['Note'], create: ({ logicalId }) => ({ ref: logicalId }) };
  const stacks = new Stacks({ place, random: new Random(1), providers: new Map([thing, fixed].map((one) => [one.type, one])) }, () => 0);
  const deploy = (Resources: Record<string, TemplateResource>, more: Template = {}, name = 'Shop') => (
    stacks.deploy({ name, template: { Resources, ...more } })
  );
  const statuses = (name = 'Shop') => stacks.find(name)!.events.map(({ logicalId, status }) => `${logicalId} ${status}`);
  return { stacks, deploy, statuses, present, done };
}

export const thing = (properties: Record<string, unknown> = {}, more: Partial<TemplateResource> = {}): TemplateResource => (
  { Type: 'Test::Thing', Properties: properties, ...more }
);
