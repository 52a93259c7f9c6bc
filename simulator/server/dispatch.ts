import type { S3Service } from '../s3';
import type { Place, ServiceApi, ServiceError } from '../contracts';
import { AwsJson, type JsonService } from './aws-json';
import { AwsQuery, type QueryService } from './aws-query';
import { cloudFormationErrors, cloudFormationOperations } from './cloudformation-query';
import { cloudWatchErrors, cloudWatchOperations } from './cloudwatch-query';
import { credentialOf, type Credential } from './credentials';
import { eventBridgeOperations } from './eventbridge-json';
import { describeDynamoDb, dynamoDbBodyLimit, dynamoDbOperations } from './dynamodb-json';
import { firehoseOperations } from './firehose-json';
import { modelled } from './errors';
import { type InvokableFunctions, LambdaRest } from './lambda-rest';
import type { Head, Protocol, Surroundings, TextProtocol } from './protocol';
import { S3Rest } from './s3-rest';
import { snsErrors, snsOperations } from './sns-query';
import { queryErrorCode, sqsOperations } from './sqs-query';
import { ssmOperations } from './ssm-json';
import { CallerIdentity, stsOperations } from './sts';
import { Unserved } from './unserved';
import { type QueryEndpoint, UnsignedQuery } from './unsigned-query';

/** What the server serves. */
export interface ServedServices extends Surroundings {
  readonly sqs: ServiceApi;
  readonly sns: ServiceApi;
  readonly cloudwatch: ServiceApi;
  readonly s3: S3Service;
  readonly lambda?: InvokableFunctions;
  readonly cloudFormation?: ServiceApi;
  readonly parameters?: ServiceApi;
  readonly firehose?: ServiceApi;
  readonly dynamoDb?: ServiceApi;
  readonly eventBridge?: ServiceApi;
}

/**
 * Bytes. A message of 1 MiB, the largest that Amazon SQS takes, is six times as long where JSON has to escape every
 * character of it.
 */
const BODY_LIMIT = 8 * 1024 * 1024;

/** Finds the protocol and the service that a request is for, by what is known before its body. */
export class Dispatch {
  private readonly json: ReadonlyMap<string, TextProtocol>;
  private readonly query: ReadonlyMap<string, QueryEndpoint>;
  private readonly s3: Protocol;
  private readonly lambda: Protocol;
  private readonly unknownTarget = new Unserved('UnknownOperationException', ({ headers }) =>
    `The simulator serves no API for the target ${String(headers['x-amz-target'])}, `
      + `only ${[...this.json.keys()].join(', ')}`);
  private readonly unknownService = new Unserved('UnknownServiceException', ({ headers, query }) =>
    `The simulator serves no AWS service '${credentialOf(headers.authorization, query).service}', `
      + `only ${[...this.query.keys()].join(', ')}, s3 and lambda`);
  private readonly cloudControl = new Unserved('UnsupportedOperationException', () =>
    'The simulator takes no hotswap deployment, as it has no Cloud Control API: deploy without --hotswap');
  private readonly containerRegistry = new Unserved('UnsupportedOperationException', () =>
    'The simulator has no container registry, as it runs no container images: give the function a zip asset');
  private readonly cbor = new Unserved('UnsupportedProtocolException', () =>
    'The simulator does not speak Smithy RPC v2 CBOR: set the client to AWS JSON 1.0 or the AWS query protocol', 415);

  constructor(services: ServedServices, place: Place) {
    const { sqs, sns, cloudwatch, s3, lambda, cloudFormation, parameters } = services;
    const describeSqs = (error: ServiceError) => ({ shape: error.code, code: queryErrorCode(error.code), status: error.status });
    const describeCloudWatch = (error: ServiceError) => modelled(error, cloudWatchErrors);

    const jsonServices: [string, JsonService][] = [
      ['AmazonSQS', { api: sqs, operations: sqsOperations, namespace: 'com.amazonaws.sqs', describe: describeSqs }],
      ['GraniteServiceVersion20100801', {
        api: cloudwatch, operations: cloudWatchOperations, namespace: 'com.amazonaws.cloudwatch', describe: describeCloudWatch,
      }],
    ];
    if (parameters !== undefined) {
      jsonServices.push(['AmazonSSM', {
        api: parameters, operations: ssmOperations, namespace: 'com.amazonaws.ssm', version: '1.1',
        describe: ({ code, status }) => ({ shape: code, code, status }),
      }]);
    }
    if (services.firehose !== undefined) {
      jsonServices.push(['Firehose_20150804', {
        api: services.firehose, operations: firehoseOperations, namespace: 'com.amazonaws.firehose', version: '1.1',
        describe: ({ code, status }) => ({ shape: code, code, status }),
      }]);
    }
    if (services.eventBridge !== undefined) {
      jsonServices.push(['AWSEvents', {
        api: services.eventBridge, operations: eventBridgeOperations, namespace: 'com.amazonaws.eventbridge', version: '1.1',
        describe: ({ code, status }) => ({ shape: code, code, status }),
      }]);
    }
    if (services.dynamoDb !== undefined) {
      jsonServices.push(['DynamoDB_20120810', {
        api: services.dynamoDb, operations: dynamoDbOperations, namespace: 'com.amazonaws.dynamodb.v20120810',
        describe: describeDynamoDb, bodyLimit: dynamoDbBodyLimit,
      }]);
    }
    this.json = new Map<string, TextProtocol>([
      ...jsonServices.map(([target, service]) => [target, new AwsJson(service, services, service.bodyLimit ?? BODY_LIMIT)] as const),
      ['AmazonEC2ContainerRegistry_V20150921', this.containerRegistry],
      ['CloudApiService', this.cloudControl],
    ]);

    const queryServices: [string, QueryService][] = [
      ['sqs', {
        api: sqs, operations: sqsOperations, namespace: 'http://queue.amazonaws.com/doc/2012-11-05/', describe: describeSqs,
        fromPath: (input, path) => { if (path.length > 1) input.QueueUrl ??= `${place.endpoint}${path}`; },
      }],
      ['sns', {
        api: sns, operations: snsOperations, namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
        describe: (error) => modelled(error, snsErrors),
      }],
      ['monitoring', {
        api: cloudwatch, operations: cloudWatchOperations, namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
        describe: describeCloudWatch,
      }],
      ['sts', {
        api: new CallerIdentity(place), operations: stsOperations, namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
        describe: (error) => ({ code: error.code, status: error.status }),
      }],
    ];
    if (cloudFormation !== undefined) {
      queryServices.push(['cloudformation', {
        api: cloudFormation, operations: cloudFormationOperations, namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
        describe: (error) => modelled(error, cloudFormationErrors),
      }]);
    }
    this.query = new Map(queryServices.map(([name, service]) =>
      [name, { protocol: new AwsQuery(service, services, BODY_LIMIT), service }]));
    this.s3 = new S3Rest(s3, services, place);
    this.lambda = new LambdaRest(lambda, services);
  }

  protocolFor(head: Head, credential: Credential): Protocol {
    const target = head.headers['x-amz-target'];
    if (typeof target === 'string') return this.jsonFor(target);
    if (head.headers['smithy-protocol'] === 'rpc-v2-cbor') return this.cbor;
    if (LambdaRest.serves(head.path)) return this.lambda;
    return this.queryFor(head, credential) ?? this.restFor(credential);
  }

  /** @param target the header by which AWS JSON names service and operation */
  jsonFor(target: string): TextProtocol {
    return this.json.get(target.slice(0, target.indexOf('.'))) ?? this.unknownTarget;
  }

  private queryFor(head: Head, credential: Credential): Protocol | undefined {
    const form = head.method === 'POST' && head.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    const action = /(?:^|&)Action=([^&]*)/.exec(head.query)?.[1];
    if (!form && action === undefined) return undefined;
    if (credential.service !== undefined) return this.query.get(credential.service)?.protocol ?? this.unknownService;
    return new UnsignedQuery([...this.query.values()]);
  }

  private restFor({ service }: Credential): Protocol {
    return service === undefined || service === 's3' || service === 's3express' ? this.s3 : this.unknownService;
  }
}
