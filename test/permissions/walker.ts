import { covers, hasSourceCondition, holdsFor, names, type Statement, statementsOf } from './statements';
import { type DeployedTemplate, type Resource, resourcesOf } from './templates';

export type FindingKind =
  | 'missing permission' | 'no source condition' | 'wildcard principal' | 'not TLS only' | 'serves no path' | 'created too early'
  | 'redrive denied' | 'unknown resource';

/** What is wrong, and where. */
export interface Finding {
  readonly kind: FindingKind;
  readonly where: string;
  readonly what: string;
}

/** The ways that messages take through templates, and what would stop them or let others in. */
export interface Walk {
  readonly paths: readonly string[];
  readonly findings: readonly Finding[];
}

const consuming = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const encrypting = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** What a role may do with a resource, and the actions on the resource's key that it then needs. */
const keyUses = [
  { type: 'AWS::SNS::Topic', action: 'sns:Publish', onKey: encrypting },
  { type: 'AWS::SQS::Queue', action: 'sqs:SendMessage', onKey: encrypting },
  { type: 'AWS::SQS::Queue', action: 'sqs:ReceiveMessage', onKey: ['kms:Decrypt'] },
  { type: 'AWS::S3::Bucket', action: 's3:PutObject', onKey: ['kms:GenerateDataKey'] },
  { type: 'AWS::S3::Bucket', action: 's3:GetObject', onKey: ['kms:Decrypt'] },
];

/** Resources that a function is told of, and the actions of which it then must have one. */
const uses: Record<string, string[]> = {
  'AWS::SNS::Topic': ['sns:Publish'],
  'AWS::SQS::Queue': ['sqs:SendMessage', 'sqs:ReceiveMessage'],
  'AWS::S3::Bucket': ['s3:PutObject', 's3:GetObject'],
};

/** Walks every path of a message through templates that are deployed together. */
export function walk(...templates: DeployedTemplate[]): Walk {
  return new Walker(templates).walk();
}

class Walker {
  private readonly paths: string[] = [];
  private readonly findings: Finding[] = [];
  private readonly needed = new Set<Statement>();
  private readonly resources: Map<string, Resource>;
  private readonly policies: Statement[];
  private readonly roles: Statement[];

  constructor(private readonly templates: readonly DeployedTemplate[]) {
    this.resources = resourcesOf(templates);
    this.policies = [
      ...['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy'].flatMap((type) => this.ofType(type))
        .flatMap(({ id, properties }) => statementsOf(id, properties.PolicyDocument)),
      ...this.ofType('AWS::KMS::Key').flatMap(({ id, properties }) => statementsOf(id, properties.KeyPolicy)),
    ];
    this.roles = this.ofType('AWS::IAM::Policy').flatMap(({ id, properties }) => statementsOf(id, properties.PolicyDocument));
  }

  walk(): Walk {
    for (const subscription of this.ofType('AWS::SNS::Subscription')) this.subscription(subscription);
    for (const stream of this.ofType('AWS::KinesisFirehose::DeliveryStream')) this.deliveryStream(stream);
    for (const mapping of this.ofType('AWS::Lambda::EventSourceMapping')) this.mapping(mapping);
    for (const queue of this.ofType('AWS::SQS::Queue')) this.deadLetters(queue);
    for (const custom of this.ofType('Custom::S3BucketNotifications')) {
      this.notifications(this.resources.get(custom.properties.BucketName as string), custom.properties.NotificationConfiguration, custom);
    }
    for (const bucket of this.ofType('AWS::S3::Bucket')) {
      this.notifications(bucket, bucket.properties.NotificationConfiguration, bucket);
      this.accessLogs(bucket);
    }
    for (const rule of this.ofType('AWS::Events::Rule')) this.targets(rule);
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']) this.ofType(type).forEach((alarm) => this.alarm(alarm));
    for (const lambdaFunction of this.ofType('AWS::Lambda::Function')) this.environment(lambdaFunction);
    for (const role of this.ofType('AWS::IAM::Role')) this.keysOf(role);
    for (const statement of this.policies) this.statement(statement);
    for (const permission of this.ofType('AWS::Lambda::Permission')) this.permission(permission);
    for (const type of Object.keys(uses)) for (const resource of this.ofType(type)) this.tlsOnly(resource);
    return { paths: this.paths, findings: this.findings };
  }

  private subscription({ id, properties }: Resource): void {
    const { deadLetterTargetArn } = (properties.RedrivePolicy ?? {}) as { deadLetterTargetArn?: string };
    if (properties.Protocol === 'firehose') {
      this.withRole(id, properties.TopicArn, properties.Endpoint, properties.SubscriptionRoleArn, 'firehose:PutRecord');
    }
    for (const endpoint of [properties.Protocol === 'sqs' ? properties.Endpoint : undefined, deadLetterTargetArn]) {
      if (endpoint === undefined) continue;
      this.delivery(id, properties.TopicArn, endpoint, 'sns.amazonaws.com', 'sqs:SendMessage');
    }
  }

  private deliveryStream({ id, properties }: Resource): void {
    const { BucketARN, RoleARN } = (properties.ExtendedS3DestinationConfiguration ?? {}) as { BucketARN?: string; RoleARN?: string };
    if (BucketARN !== undefined) this.withRole(id, id, BucketARN, RoleARN, 's3:PutObject');
  }

  /** A service that hands a message on with a role that it is given. */
  private withRole(where: string, from: unknown, to: unknown, role: unknown, action: string): void {
    const [source, target] = [this.named(where, from), this.named(where, to)];
    if (!source || !target) return;
    this.path(source, target);
    if (!this.roleStatement(role as string, action, target)) this.find('missing permission', where, `${action} on ${target.id}`);
  }

  private mapping({ id, properties, dependsOn }: Resource): void {
    const queue = this.named(id, properties.EventSourceArn);
    const lambdaFunction = this.named(id, properties.FunctionName);
    if (!queue || !lambdaFunction) return;
    this.path(queue, lambdaFunction);
    for (const action of consuming) {
      const statement = this.roleStatement(lambdaFunction.properties.Role as string, action, queue);
      if (!statement) this.find('missing permission', lambdaFunction.id, `${action} on ${queue.id}`);
      // Lambda refuses a mapping whose role may not receive from the queue at the time that it is created
      else if (this.resources.get(statement.policy)?.type === 'AWS::IAM::Policy' && !dependsOn.includes(statement.policy)) {
        this.find('created too early', id, `it must depend on ${statement.policy}, which has ${action}`);
      }
    }
  }

  private deadLetters(queue: Resource): void {
    const { deadLetterTargetArn } = (queue.properties.RedrivePolicy ?? {}) as { deadLetterTargetArn?: string };
    if (deadLetterTargetArn === undefined) return;
    const target = this.named(queue.id, deadLetterTargetArn);
    if (!target) return;
    this.path(queue, target);
    const { redrivePermission = 'allowAll', sourceQueueArns = [] } = (target.properties.RedriveAllowPolicy ?? {}) as {
      redrivePermission?: string; sourceQueueArns?: string[];
    };
    const allowed = redrivePermission === 'allowAll'
      || (redrivePermission === 'byQueue' && sourceQueueArns.some((arn) => names(arn, queue)));
    if (!allowed) this.find('redrive denied', target.id, `its redrive allow policy does not let ${queue.id} move messages to it`);
  }

  private notifications(bucket: Resource | undefined, configuration: unknown, { id, dependsOn }: Resource): void {
    const { QueueConfigurations = [], TopicConfigurations = [] } = (configuration ?? {}) as Record<string, Record<string, unknown>[] | undefined>;
    for (const { QueueArn, Queue } of QueueConfigurations) {
      const statement = this.delivery(id, bucket?.id, QueueArn ?? Queue, 's3.amazonaws.com', 'sqs:SendMessage');
      // S3 sends a test message as soon as it is told of the queue
      if (statement && !dependsOn.includes(statement.policy)) this.find('created too early', id, `it must depend on ${statement.policy}`);
    }
    for (const { TopicArn, Topic } of TopicConfigurations) this.delivery(id, bucket?.id, TopicArn ?? Topic, 's3.amazonaws.com', 'sns:Publish');
  }

  private accessLogs(bucket: Resource): void {
    const { DestinationBucketName } = (bucket.properties.LoggingConfiguration ?? {}) as { DestinationBucketName?: string };
    if (DestinationBucketName === undefined) return;
    this.delivery(bucket.id, bucket.id, DestinationBucketName, 'logging.s3.amazonaws.com', 's3:PutObject');
  }

  private targets({ id, properties }: Resource): void {
    for (const { Arn } of (properties.Targets ?? []) as { Arn: string }[]) {
      const type = this.resources.get(Arn)?.type;
      if (type === 'AWS::SQS::Queue') this.delivery(id, id, Arn, 'events.amazonaws.com', 'sqs:SendMessage');
      if (type === 'AWS::SNS::Topic') this.delivery(id, id, Arn, 'events.amazonaws.com', 'sns:Publish');
    }
  }

  private alarm({ id, properties }: Resource): void {
    const actions = ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap((name) => (properties[name] ?? []) as string[]);
    for (const topic of new Set(actions.filter((action) => this.resources.get(action)?.type === 'AWS::SNS::Topic'))) {
      this.delivery(id, id, topic, 'cloudwatch.amazonaws.com', 'sns:Publish');
    }
  }

  /** A service that hands a message on for a source: it needs the target's policy, and that of the target's key. */
  private delivery(where: string, from: unknown, to: unknown, service: string, action: string): Statement | undefined {
    const [source, target] = [this.named(where, from), this.named(where, to)];
    if (!source || !target) return undefined;
    this.path(source, target);
    const statement = this.serviceMay(service, action, target, source);
    const key = this.keyOf(target);
    if (key) for (const onKey of encrypting) this.serviceMay(service, onKey, key, source);
    return statement;
  }

  private serviceMay(service: string, action: string, target: Resource, source: Resource): Statement | undefined {
    const { account } = this.stackOf(source);
    const found = this.policies.filter((one) => one.services.includes(service) && this.isPolicyOf(one, target)
      && covers(one, action, target) && holdsFor(one, { ...source, account }));
    found.forEach((statement) => this.needed.add(statement));
    if (found.length === 0) this.find('missing permission', target.id, `${action} for ${service} on behalf of ${source.id}`);
    return found[0];
  }

  private environment(lambdaFunction: Resource): void {
    const { Variables = {} } = (lambdaFunction.properties.Environment ?? {}) as { Variables?: Record<string, string> };
    for (const value of Object.values(Variables)) {
      const target = this.resources.get(value);
      const actions = target && uses[target.type];
      if (!actions) continue;
      this.path(lambdaFunction, target);
      if (!actions.some((action) => this.roleStatement(lambdaFunction.properties.Role as string, action, target))) {
        this.find('missing permission', lambdaFunction.id, `${actions.join(' or ')} on ${target.id}`);
      }
    }
  }

  private keysOf(role: Resource): void {
    for (const { type, action, onKey } of keyUses) {
      for (const resource of this.ofType(type)) {
        const key = this.roleStatement(role.id, action, resource) && this.keyOf(resource);
        if (!key) continue;
        for (const needed of onKey) {
          if (!this.roleStatement(role.id, needed, key) || !this.delegatesToPolicies(key)) {
            this.find('missing permission', role.id, `${needed} on ${key.id}, for ${action} on ${resource.id}`);
          }
        }
      }
    }
  }

  private statement(statement: Statement): void {
    if (!statement.allows) return;
    const what = `${statement.actions.join(', ')} for ${[...statement.services, ...statement.identities].join(', ')}`;
    if (statement.identities.includes('*') && statement.conditions.length === 0) this.find('wildcard principal', statement.policy, what);
    if (statement.services.length === 0) return;
    if (!hasSourceCondition(statement)) this.find('no source condition', statement.policy, what);
    else if (!this.needed.has(statement)) this.find('serves no path', statement.policy, what);
  }

  private permission({ id, properties }: Resource): void {
    const { Principal, SourceArn, SourceAccount, PrincipalOrgID } = properties as Record<string, string | undefined>;
    if (Principal === '*' && !SourceArn && !SourceAccount && !PrincipalOrgID) this.find('wildcard principal', id, 'lambda:InvokeFunction');
    else if (Principal?.endsWith('.amazonaws.com') && !SourceArn && !SourceAccount) this.find('no source condition', id, Principal);
  }

  private tlsOnly(resource: Resource): void {
    const denied = this.policies.some((statement) => !statement.allows && this.isPolicyOf(statement, resource) && statement.identities.includes('*')
      && statement.conditions.some(({ key, values }) => key === 'aws:securetransport' && values.includes('false')));
    if (!denied) this.find('not TLS only', resource.id, 'no statement denies requests without TLS');
  }

  private isPolicyOf({ policy }: Statement, resource: Resource): boolean {
    const { id, properties } = this.resources.get(policy)!;
    return [id, properties.Queues, properties.Topics, properties.Bucket].flat().includes(resource.id);
  }

  private delegatesToPolicies(key: Resource): boolean {
    return this.policies.some((statement) => statement.policy === key.id && statement.allows && statement.actions.includes('kms:*')
      && statement.identities.some((identity) => identity.endsWith(':root')));
  }

  private roleStatement(role: string, action: string, resource: Resource): Statement | undefined {
    const { Policies = [] } = (this.resources.get(role)?.properties ?? {}) as { Policies?: { PolicyDocument: unknown }[] };
    const attached = this.roles.filter(({ policy }) => (this.resources.get(policy)!.properties.Roles as string[]).includes(role));
    return [...attached, ...Policies.flatMap(({ PolicyDocument }) => statementsOf(role, PolicyDocument))]
      .find((statement) => statement.conditions.length === 0 && covers(statement, action, resource));
  }

  private keyOf({ id, type, properties }: Resource): Resource | undefined {
    const key = type === 'AWS::S3::Bucket' ? bucketKey(properties.BucketEncryption) : properties.KmsMasterKeyId;
    return key === undefined ? undefined : this.named(id, key);
  }

  private named(where: string, reference: unknown): Resource | undefined {
    const found = this.resources.get(reference as string) ?? [...this.resources.values()].find(({ arn }) => arn === reference);
    if (!found) this.find('unknown resource', where, `${String(reference)} is in none of the templates`);
    return found;
  }

  private stackOf({ id }: Resource): DeployedTemplate {
    return this.templates.find(({ stackName }) => id.startsWith(`\${${stackName}.`))!;
  }

  private ofType(type: string): Resource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  private path(from: Resource, to: Resource): void {
    this.paths.push(`${from.id} → ${to.id}`);
  }

  private find(kind: FindingKind, where: string, what: string): void {
    this.findings.push({ kind, where, what });
  }
}

function bucketKey(encryption: unknown): unknown {
  const { ServerSideEncryptionConfiguration: [rule] = [] } = (encryption ?? {}) as {
    ServerSideEncryptionConfiguration?: { ServerSideEncryptionByDefault?: { KMSMasterKeyID?: unknown } }[];
  };
  return rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID;
}
