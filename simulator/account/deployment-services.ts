import { bootstrap, CloudFormationApi } from '../cloudformation/api';
import type { Stacks } from '../cloudformation/stacks';
import type { Clock } from '../clock';
import type { Place } from '../contracts';
import { Random } from '../random';
import type { S3Service } from '../s3';
import type { ParameterStore } from '../ssm';

/** What a deployment from outside talks to: CloudFormation, and what the account has been bootstrapped with. */
export class DeploymentServices {
  readonly cloudFormation: CloudFormationApi;

  constructor(stacks: Stacks, s3: S3Service, parameters: ParameterStore, place: Place, clock: Clock, seed: number) {
    const now = (): number => clock.now();
    s3.createBucket({ name: bootstrap.bucketName(place) });
    parameters.put(bootstrap.versionParameter, bootstrap.version);
    this.cloudFormation = new CloudFormationApi({ engine: stacks, s3, place, now, random: new Random(seed) });

    const { parameterStore } = stacks;
    stacks.parameterStore = (name) => parameters.find(name)?.value ?? parameterStore(name);
  }

  /** Removes what was unpacked. */
  close(): void {
    this.cloudFormation.close();
  }
}
