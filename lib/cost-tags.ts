import { CfnResource, TagManager, Tags } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { costTagRules } from './private/cost-tag-rules';
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
 * checked when the app is synthesized, because a resource can lose a tag again.
 *
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
      const manager = TagManager.of(construct);
      if (!manager) return [];
      const values = manager.tagValues();
      const keys = Object.keys(this.tags).filter((key) => !values[key]);
      return keys.length === 0 ? [] : [`'${construct.node.path}' must have the tag${keys.length > 1 ? 's' : ''} ${keys.join(', ')}`];
    });
  }
}
