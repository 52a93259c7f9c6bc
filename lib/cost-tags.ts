import { CfnResource, Stage, Tags } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { costTagRules } from './private/cost-tag-rules';
import { tagsOf } from './private/resource-tags';
import { validate } from './private/validation';

/**
 * Properties of CostTags: values have 1 to 256 characters.
 *
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
export interface CostTagsProps {
  /**
   * The application that the cost is for; tag key `application`.
   */
  readonly application: string;

  /**
   * The environment, for example `production`; tag key `environment`.
   */
  readonly environment: string;

  /**
   * Who answers for the resources, for example a team; tag key `owner`.
   */
  readonly owner: string;

  /**
   * Who pays; tag key `cost-center`.
   */
  readonly costCenter: string;

  /**
   * More tags that each resource must have, by key, with 1 to 128 characters.
   *
   * @default - no more tags
   */
  readonly additionalTags?: { [key: string]: string };
}

/**
 * The cost-allocation tags that every taggable resource of the scope must have: applied to the scope that this is a child of, and
 * checked when the app is synthesized, because a resource can lose a tag again: by `Tags.of(…).remove`, or by an override of its
 * property. Nested stacks are in the scope of their parent; a `Stage` is not, and needs `CostTags` of its own.
 *
 * A tag divides costs only after it was activated: once for each key, in the management account of the organization, under
 * Billing and Cost Management, Cost allocation tags, or with `aws ce update-cost-allocation-tags-status`. A key can be activated
 * about a day after a resource first had it, and takes up to another day to appear in the cost reports. What was spent before
 * counts only after a backfill, of up to twelve months: `aws ce start-cost-allocation-tag-backfill`.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 * @throws an error with every rule that the tags break
 */
export class CostTags extends Construct {
  /**
   * The tags by key.
   */
  public readonly tags: { [key: string]: string };

  constructor(scope: Construct, id: string, props: CostTagsProps) {
    super(scope, id);
    this.tags = {
      'application': props.application,
      'environment': props.environment,
      'owner': props.owner,
      'cost-center': props.costCenter,
      ...props.additionalTags,
    };
    validate(this, costTagRules(props));
    for (const [key, value] of Object.entries(this.tags)) Tags.of(scope).add(key, value);
    this.node.addValidation({ validate: () => this.missing(scope) });
  }

  private missing(scope: IConstruct): string[] {
    return scope.node.findAll().filter((construct) => CfnResource.isCfnResource(construct)).flatMap((construct) => {
      const values = tagsOf(construct);
      if (!values) return [];
      const keys = Object.keys(this.tags).filter((key) => !values[key]);
      const stage = Stage.of(construct);
      const advice = stage === Stage.of(scope) ? '' : `. Tags don't reach into the stage '${stage?.node.path}': give it its own`;
      return keys.length === 0 ? [] : [`'${construct.node.path}' must have the tag${keys.length > 1 ? 's' : ''} ${keys.join(', ')}${advice}`];
    });
  }
}
