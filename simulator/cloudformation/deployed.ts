import type { CreatedResource } from './provider';

/** A resource that exists in the simulation. */
export interface DeployedResource extends CreatedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The construct path relative to the stack, or the logical ID where none is known. */
  readonly path: string;
  readonly stackName: string;
}
