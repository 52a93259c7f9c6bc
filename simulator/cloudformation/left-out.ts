import type { Place } from '../contracts';
import type { DeployedResource } from './deployed';
import { NotModelled, type CreatedResource, type ResourceProvider, type ResourceToCreate } from './provider';

/** What becomes of resource types and properties that the simulator does not model. */
export type UnmodelledPolicy = 'refuse' | 'leaveOut';

/** Something of a template that the simulation goes without. */
export interface LeftOut {
  readonly stackName: string;
  /** The construct path relative to the stack. */
  readonly path: string;
  /** The resource type. */
  readonly type: string;
  /** Where only a property is left out: its name. @default - the whole resource is left out */
  readonly property?: string;
  /** Of a resource whose type is modelled: why it could not be created. */
  readonly reason?: string;
}

/** The service in ARNs, where it is not the middle part of the resource type in lower case. */
const servicesInArns: Readonly<Record<string, string>> = {
  ApplicationAutoScaling: 'application-autoscaling', CertificateManager: 'acm', Cognito: 'cognito-idp', EFS: 'elasticfilesystem',
  ElasticLoadBalancingV2: 'elasticloadbalancing', Elasticsearch: 'es', MSK: 'kafka', OpenSearchService: 'es', StepFunctions: 'states',
};

/** Their ARNs name no region. */
const globalServices = new Set(['cloudfront', 'globalaccelerator', 'iam', 'route53']);

/** Their ARNs have a colon between the kind of the resource and its name. */
const colonServices = new Set(['elasticache', 'lambda', 'rds', 'redshift', 'secretsmanager', 'states']);

/** The types whose `Ref` is an ARN, as the return values on their pages say. */
const referredToByArn = new Set([
  'AWS::AppSync::GraphQLApi', 'AWS::CertificateManager::Certificate', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition',
  'AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::Lambda::Alias', 'AWS::Lambda::LayerVersion', 'AWS::Lambda::Version', 'AWS::MSK::Cluster', 'AWS::SecretsManager::Secret', 'AWS::StepFunctions::Activity', 'AWS::StepFunctions::StateMachine',
]);

/** Stands in for what is not modelled, with values that look as AWS's do, and knows them again. */
export class StandIns {
  private readonly madeUp = new Set<string>();

  constructor(private readonly place: Place) {}

  /** The value of `Ref`. */
  create({ type, physicalName }: ResourceToCreate, leftOut: string): CreatedResource {
    const name = physicalName(64);
    return { ref: this.remember(referredToByArn.has(type) ? this.arn(type, name) : name), leftOut };
  }

  /** The value of an attribute that no provider gives. */
  attribute({ type, ref }: Pick<DeployedResource, 'type' | 'ref'>, attribute: string): string {
    const name = ref.slice(Math.max(ref.lastIndexOf('/'), ref.lastIndexOf(':')) + 1);
    return this.remember(((): string => {
      if (/arn$/i.test(attribute)) return ref.startsWith('arn:') ? ref : this.arn(type, name);
      if (/url$/i.test(attribute)) return `https://${name.toLowerCase()}.invalid`;
      if (/(address|endpoint|dnsname|domainname)$/i.test(attribute)) return `${name.toLowerCase()}.invalid`;
      if (/port$/i.test(attribute)) return '443';
      return `${name}-${attribute}`;
    })());
  }

  /** Whether a resource that fails may do so because of what is left out: it is not modelled itself, or made from values of this. */
  explains(error: unknown, properties: Readonly<Record<string, unknown>>): boolean {
    const text = JSON.stringify(properties);
    return error instanceof NotModelled || [...this.madeUp].some((value) => text.includes(value));
  }

  /** Does nothing for any resource, and lets everything pass. */
  provider(type: string): ResourceProvider {
    return { type, modelled: ['*'], create: (resource) => this.create(resource, 'its type is not modelled'), update: () => {}, delete: () => {} };
  }

  private remember(value: string): string {
    if (value !== '443') this.madeUp.add(value);
    return value;
  }

  private arn(type: string, name: string): string {
    const { partition, region, account } = this.place;
    const [, service = 'custom', kind = 'resource'] = type.split('::');
    const inArn = servicesInArns[service] ?? service.toLowerCase();
    return `arn:${partition}:${inArn}:${globalServices.has(inArn) ? '' : region}:${account}:`
      + `${kind.charAt(0).toLowerCase()}${kind.slice(1)}${colonServices.has(inArn) ? ':' : '/'}${name}`;
  }
}

/** The providers that there are, and for every other type one that does nothing. */
export class ProvidersOfAnyType extends Map<string, ResourceProvider> {
  constructor(modelled: Iterable<readonly [string, ResourceProvider]>, private readonly standIns: StandIns) {
    super(modelled);
  }

  override get(type: string): ResourceProvider {
    return super.get(type) ?? this.standIns.provider(type);
  }
}
