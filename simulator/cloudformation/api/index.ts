import { ServiceError, type Caller, type Place, type ServiceApi } from '../../contracts';
import type { Random } from '../../random';
import type { S3Service } from '../../s3';
import type { StackEngine } from '../stack-engine';
import { UploadedAssets } from './assets';
import { bootstrap } from './bootstrap';
import { ChangeSets } from './change-sets';
import { Deployments } from './deployments';
import { StackBook } from './stack-book';
import { StackQueries } from './stack-queries';
import { TemplateSource } from './template-source';

export { bootstrap } from './bootstrap';

export interface CloudFormationApiSurroundings {
  readonly engine: StackEngine;
  readonly s3: S3Service;
  readonly place: Place;
  /** For the IDs of change sets and announced stacks: its own, so that what clients ask for moves nothing in the simulation. */
  readonly random: Random;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Operation = (input: Record<string, unknown>) => Record<string, unknown>;

/**
 * The API of AWS CloudFormation, as deployments use it. An operation is over when its request is answered.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
 */
export class CloudFormationApi implements ServiceApi {
  private readonly assets: UploadedAssets;
  private readonly operations: ReadonlyMap<string, Operation>;

  constructor({ engine, s3, place, random, now }: CloudFormationApiSurroundings) {
    this.assets = new UploadedAssets(s3, bootstrap.bucketName(place));
    const book = new StackBook(engine, place, random, now);
    const templates = new TemplateSource(s3, place);
    const deployments = new Deployments(book, templates, this.assets);
    const changeSets = new ChangeSets(book, deployments, random, now);
    const queries = new StackQueries(book, changeSets, templates);
    this.operations = new Map<string, Operation>([
      ['CreateChangeSet', (input) => changeSets.create(input)],
      ['CreateStack', (input) => deployments.create(input)],
      ['DeleteChangeSet', (input) => changeSets.delete(input)],
      ['DeleteStack', (input) => deployments.delete(input)],
      ['DescribeChangeSet', (input) => changeSets.describe(input)],
      ['DescribeEvents', (input) => queries.describeEvents(input)],
      ['DescribeStackEvents', (input) => queries.describeStackEvents(input)],
      ['DescribeStackResource', (input) => queries.describeStackResource(input)],
      ['DescribeStackResources', (input) => queries.describeStackResources(input)],
      ['DescribeStacks', (input) => queries.describeStacks(input)],
      ['ExecuteChangeSet', (input) => changeSets.execute(input)],
      ['GetStackPolicy', ({ StackName }) => { book.existing(StackName as string | undefined); return {}; }],
      ['GetTemplate', (input) => queries.getTemplate(input)],
      ['GetTemplateSummary', (input) => queries.getTemplateSummary(input)],
      ['ListChangeSets', (input) => changeSets.list(input)],
      ['ListExports', (input) => queries.listExports(input)],
      // there are no hooks
      ['ListHookResults', ({ TargetType, TargetId }) => ({ TargetType, TargetId, HookResults: [] })],
      ['ListImports', (input) => queries.listImports(input)],
      ['ListStackResources', (input) => queries.listStackResources(input)],
      ['ListStacks', (input) => queries.listStacks(input)],
      ['UpdateStack', (input) => deployments.update(input)],
      ['UpdateTerminationProtection', (input) => deployments.protect(input)],
      ['ValidateTemplate', (input) => queries.validateTemplate(input)],
    ]);
  }

  call(operation: string, input: Record<string, unknown>, _caller: Caller): Promise<Record<string, unknown>> {
    return new Promise((resolve) => {
      const answer = this.operations.get(operation);
      if (answer === undefined) throw new ServiceError('InvalidAction', `The action ${operation} is not modelled by the simulator`);
      resolve(answer(input));
    });
  }

  /** Removes the assets that were unpacked. */
  close(): void {
    this.assets.remove();
  }
}
