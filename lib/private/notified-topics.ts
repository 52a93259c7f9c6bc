import { DefaultTokenResolver, type IResolvable, type IResolveContext, Reference, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

/** The topics of this app that an alarm notifies of any state. */
export function topicsOf(alarm: cloudwatch.AlarmBase): sns.CfnTopic[] {
  const { alarmActions, okActions, insufficientDataActions } = alarm.node.defaultChild as cloudwatch.CfnAlarm | cloudwatch.CfnCompositeAlarm;
  return targetsOf(alarm, [alarmActions, okActions, insufficientDataActions]).filter((target) => target instanceof sns.CfnTopic);
}

/** What the tokens in a value refer to. */
export function targetsOf(scope: IConstruct, value: unknown): IConstruct[] {
  const resolver = new ReferenceFinder();
  if (Token.isUnresolved(value) || Array.isArray(value)) Tokenization.resolve(value, { scope, resolver, preparing: false });
  return [...resolver.targets];
}

class ReferenceFinder extends DefaultTokenResolver {
  readonly targets = new Set<IConstruct>();

  constructor() {
    super(new StringConcat());
  }

  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: Parameters<DefaultTokenResolver['resolveToken']>[2]): unknown {
    if (Reference.isReference(token)) this.targets.add(token.target);
    return super.resolveToken(token, context, postProcessor);
  }
}
