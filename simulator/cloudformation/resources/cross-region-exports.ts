import type { ParameterStore } from '../../ssm';
import type { Properties, ResourceProvider } from '../provider';

interface WriterProperties {
  readonly region: string;
  readonly exports: Readonly<Record<string, string>>;
}

interface ReaderProperties {
  /** By the name of the parameter, a dynamic reference to it. */
  readonly imports: Readonly<Record<string, string>>;
}

/**
 * What `crossRegionReferences` of the CDK makes: their functions run on AWS only, their effect are parameters in the region of the
 * stack that refers to another one.
 *
 * @param storeIn the parameters of a region of this account; undefined where the simulation has no such region
 */
export function crossRegionExportProviders(own: ParameterStore, storeIn: (region: string) => ParameterStore | undefined): ResourceProvider[] {
  const written = (properties: Properties): WriterProperties & { store: ParameterStore } => {
    const { region, exports } = properties.object<WriterProperties>('WriterProps')!;
    const store = storeIn(region);
    if (!store) throw new Error(`'WriterProps' must name a region of the simulation for 'region', got '${region}', where it has no stack`);
    return { region, exports, store };
  };
  const values = (properties: Properties): Record<string, string> => {
    const names = Object.keys(properties.object<ReaderProperties>('ReaderProps')!.imports);
    return Object.fromEntries(names.map((name) => {
      const found = own.find(name);
      if (!found) throw new Error(`'ReaderProps' must import parameters of this region, got '${name}', which no stack has exported to it`);
      return [name, found.value];
    }));
  };
  return [
    {
      type: 'Custom::CrossRegionExportWriter',
      modelled: ['WriterProps'],
      withoutEffect: ['ServiceToken'],
      create({ properties, logicalId }) {
        const { store, exports } = written(properties);
        for (const [name, value] of Object.entries(exports)) store.put(name, value);
        return { ref: logicalId };
      },
      // what was exported before keeps its value, as the CDK's function leaves it
      update({ properties, previous }) {
        const { store, exports } = written(properties);
        const before = written(previous).exports;
        for (const name of Object.keys(before)) if (!(name in exports)) store.delete(name);
        for (const [name, value] of Object.entries(exports)) if (!(name in before)) store.put(name, value);
      },
      delete({ properties }) {
        const { store, exports } = written(properties);
        for (const name of Object.keys(exports)) store.delete(name);
      },
    },
    {
      type: 'Custom::CrossRegionExportReader',
      modelled: ['ReaderProps'],
      withoutEffect: ['ServiceToken'],
      create: ({ properties, logicalId }) => ({ ref: logicalId, attributes: values(properties) }),
      update: ({ properties }) => ({ attributes: values(properties) }),
      delete: () => {},
    },
  ];
}
