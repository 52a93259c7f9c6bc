import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { readFileSync } from 'node:fs';

const recommendedFlags = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8')) as Record<string, unknown>;

export const environment = { account: '111122223333', region: 'eu-west-1' };

/** A stack of its own app, as `cdk init` would make it: with every recommended feature flag. */
export function newStack(props: StackProps = { env: environment }): Stack {
  return new Stack(newApp(), 'Test', props);
}

export function newApp(): App {
  return new App({ context: recommendedFlags });
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The resource of a construct in the template of its stack. */
export function resourceOf(construct: IConstruct): Resource {
  const stack = Stack.of(construct);
  const resource = construct.node.defaultChild!;
  const id = stack.getLogicalId(resource as Parameters<Stack['getLogicalId']>[0]);
  const resources = Template.fromStack(stack).toJSON().Resources as Record<string, Resource>;
  return resources[id];
}

/** A value as the template has it. */
export function resolve(stack: Stack, value: unknown): unknown {
  return stack.resolve(value) as unknown;
}

/** The statements of all policies of a type, each with its resource's references left as they are in the template. */
export function statementsIn(stack: Stack, type: string, document = 'PolicyDocument'): Record<string, unknown>[] {
  return Object.values(Template.fromStack(stack).findResources(type)).flatMap((resource) =>
    (resource.Properties as Record<string, { Statement: Record<string, unknown>[] }>)[document].Statement);
}

export function functionIn(scope: Construct, id = 'Function', props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {};'), ...props,
  });
}

export function keyIn(scope: Construct, id = 'Key'): kms.Key {
  return new kms.Key(scope, id, { enableKeyRotation: true });
}

export function importedKeyIn(scope: Construct): kms.IKey {
  return kms.Key.fromKeyArn(scope, 'ImportedKey', 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000');
}
