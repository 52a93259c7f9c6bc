import { Annotations, Stack } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { BYTES_OF_A_TEMPLATE, RESOURCES_OF_A_STACK, resourceBudgetRules, sizeOf, sizeRules } from './private/stack-size';
import { failures, validate } from './private/validation';

/**
 * Properties of a ResourceBudget.
 */
export interface ResourceBudgetProps {
  /**
   * The most resources that a stack may have, 1 to 500.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
   * @default 500
   */
  readonly maxResources?: number;

  /**
   * The largest template, 1 to 1,000,000 bytes as it is written: with indentation, unless the stack sets
   * `suppressTemplateIndentation`, but without the parameter and rule of under 1,000 bytes with which CDK checks the bootstrap.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
   * @default 1000000
   */
  readonly maxTemplateBytes?: number;

  /**
   * The share of either limit at which a stack gets a warning, above 0 and up to 1.
   *
   * @default 0.8
   */
  readonly warningShare?: number;
}

/**
 * Keeps stacks within CloudFormation's limits for one: 500 resources and a template of 1,000,000 bytes. Looks at every stack
 * under the scope that this is a child of, nested ones included, or else at the stack that the scope is in, when the app is
 * synthesized: warns a stack that comes near, and fails with every stack that is over, where `cdk synth` itself tells of the
 * first and `cdk deploy` of the template's size.
 *
 * A stage is synthesized before what is around it: a budget outside of it still fails, but can no longer warn. Give each its own.
 *
 * @throws an error with every rule that the properties break
 */
export class ResourceBudget extends Construct {
  constructor(scope: Construct, id: string, props: ResourceBudgetProps = {}) {
    super(scope, id);
    validate(this, resourceBudgetRules(props));
    const maxResources = props.maxResources ?? RESOURCES_OF_A_STACK;
    const maxTemplateBytes = props.maxTemplateBytes ?? BYTES_OF_A_TEMPLATE;
    const warningShare = props.warningShare ?? 0.8;

    this.node.addValidation({
      validate: () => stacksUnder(scope).flatMap((stack) => {
        const size = sizeOf(stack);
        const over = failures(sizeRules(stack, size, { maxResources, maxTemplateBytes }));
        const near = failures(sizeRules(stack, size, {
          maxResources: Math.ceil(maxResources * warningShare) - 1, maxTemplateBytes: Math.ceil(maxTemplateBytes * warningShare) - 1,
        }));
        if (over.length === 0 && near.length > 0) {
          Annotations.of(stack).addWarningV2('cdk-messaging:stackNearsLimit',
            `${size.resources} of ${maxResources} resources and ${size.templateBytes} of ${maxTemplateBytes} bytes: `
            + 'split the stack before it is full. Channels are best split by domain, each with its topic, queues and consumers in one stack');
        }
        return over;
      }),
    });
  }
}

function stacksUnder(scope: IConstruct): Stack[] {
  const stacks = scope.node.findAll().filter((construct): construct is Stack => Stack.isStack(construct));
  return stacks.length > 0 ? stacks : [Stack.of(scope)];
}
