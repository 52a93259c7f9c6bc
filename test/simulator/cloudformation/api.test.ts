import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  CloudFormationClient, CreateChangeSetCommand, CreateStackCommand, DeleteChangeSetCommand, DeleteStackCommand, DescribeChangeSetCommand,
  DescribeStackEventsCommand, DescribeStackResourceCommand, DescribeStackResourcesCommand, DescribeStacksCommand, ExecuteChangeSetCommand,
  GetTemplateCommand, GetTemplateSummaryCommand, ListChangeSetsCommand, ListExportsCommand, ListImportsCommand, ListStackResourcesCommand,
  ListStacksCommand, UpdateStackCommand, UpdateTerminationProtectionCommand, ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { GetBucketEncryptionCommand, GetBucketLocationCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { Simulation } from '../../../simulator';
import { documented } from '../documented';

/*
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */

const bucket = 'cdk-hnb659fds-assets-000000000000-us-east-1';
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
let simulation: Simulation;
let client: CloudFormationClient;
let s3: S3Client;

beforeEach(async () => {
  simulation = await Simulation.start();
  const settings = { endpoint: simulation.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  client = new CloudFormationClient(settings);
  s3 = new S3Client({ ...settings, forcePathStyle: true });
});

afterEach(async () => {
  client.destroy();
  s3.destroy();
  await simulation.stop();
});

/** One queue, exported, with its delay as a parameter. */
const queueTemplate = (visibilityTimeout = 30): string => JSON.stringify({
  Description: 'One queue',
  Parameters: { Delay: { Type: 'Number', Default: 0, Description: 'seconds' } },
  Resources: {
    Jobs: {
      Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: visibilityTimeout, DelaySeconds: { Ref: 'Delay' } },
      Metadata: { 'aws:cdk:path': 'Queues/Jobs/Resource' },
    },
  },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, Export: { Name: 'JobsArn' }, Description: 'of the jobs' } },
});

const importing = JSON.stringify({
  Resources: { Copy: { Type: 'AWS::SQS::Queue', Properties: { Tags: [{ Key: 'of', Value: { 'Fn::ImportValue': 'JobsArn' } }] } } },
});

const create = (TemplateBody = queueTemplate(), StackName = 'Queues') => client.send(new CreateStackCommand({ StackName, TemplateBody }));
const describe1 = async (StackName: string) => (await client.send(new DescribeStacksCommand({ StackName }))).Stacks![0];

async function changeSet(TemplateBody: string, type: 'CREATE' | 'UPDATE', name = 'changes') {
  const { Id, StackId } = await client.send(new CreateChangeSetCommand({
    StackName: 'Queues', ChangeSetName: name, ChangeSetType: type, TemplateBody,
  }));
  return { Id, StackId, described: await client.send(new DescribeChangeSetCommand({ ChangeSetName: Id })) };
}

documented('stacks', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html', () => {
  test('a stack that is created is complete at once, with its parameters, outputs, resources and events', async () => {
    const { StackId } = await client.send(new CreateStackCommand({
      StackName: 'Queues', TemplateBody: queueTemplate(), Parameters: [{ ParameterKey: 'Delay', ParameterValue: '5' }],
      Tags: [{ Key: 'team', Value: 'orders' }],
    }));

    expect(await describe1('Queues')).toMatchObject({
      StackId, StackName: 'Queues', StackStatus: 'CREATE_COMPLETE', Description: 'One queue', CreationTime: simulation.now,
      Parameters: [{ ParameterKey: 'Delay', ParameterValue: '5' }], Tags: [{ Key: 'team', Value: 'orders' }],
      Outputs: [{ OutputKey: 'Arn', OutputValue: simulation.queue('Jobs').arn, Description: 'of the jobs', ExportName: 'JobsArn' }],
      EnableTerminationProtection: false,
    });
    const { url } = simulation.queue('Jobs');
    const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: 'Queues' }));
    expect(StackResources).toMatchObject([{ LogicalResourceId: 'Jobs', PhysicalResourceId: url, ResourceStatus: 'CREATE_COMPLETE' }]);
    expect((await client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: url }))).StackResources).toMatchObject([{ StackId }]);
    const { StackResourceDetail } = await client.send(new DescribeStackResourceCommand({ StackName: 'Queues', LogicalResourceId: 'Jobs' }));
    expect(JSON.parse(StackResourceDetail!.Metadata!)).toEqual({ 'aws:cdk:path': 'Queues/Jobs/Resource' });
    expect((await client.send(new ListStackResourcesCommand({ StackName: 'Queues' }))).StackResourceSummaries).toHaveLength(1);
  });

  test('events are listed with the newest first, and no two have the same time', async () => {
    await create();
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'Queues' }));
    expect(StackEvents.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`)).toEqual([
      'Queues CREATE_COMPLETE', 'Jobs CREATE_COMPLETE', 'Jobs CREATE_IN_PROGRESS', 'Queues CREATE_IN_PROGRESS',
    ]);
    const times = StackEvents.map(({ Timestamp }) => Timestamp!.getTime());
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual([...times].sort((one, other) => other - one));
  });

  test('an update keeps what is in the queue, and the values of parameters that it asks to keep', async () => {
    await client.send(new CreateStackCommand({
      StackName: 'Queues', TemplateBody: queueTemplate(), Parameters: [{ ParameterKey: 'Delay', ParameterValue: '5' }],
    }));
    await simulation.queue('Jobs').send('kept');
    await client.send(new UpdateStackCommand({
      StackName: 'Queues', TemplateBody: queueTemplate(60), Parameters: [{ ParameterKey: 'Delay', UsePreviousValue: true }],
    }));
    expect(await describe1('Queues')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Parameters: [{ ParameterValue: '5' }] });
    expect(simulation.queue('Jobs').messages).toMatchObject([{ body: 'kept' }]);
  });

  test('an update with the previous template changes its parameters only', async () => {
    await create();
    await client.send(new UpdateStackCommand({
      StackName: 'Queues', UsePreviousTemplate: true, Parameters: [{ ParameterKey: 'Delay', ParameterValue: '7' }],
    }));
    expect(await describe1('Queues')).toMatchObject({ StackStatus: 'UPDATE_COMPLETE', Parameters: [{ ParameterValue: '7' }] });
  });

  test('an update that changes nothing is refused', async () => {
    await create();
    await expect(client.send(new UpdateStackCommand({ StackName: 'Queues', TemplateBody: queueTemplate() })))
      .rejects.toMatchObject({ name: 'ValidationError', message: 'No updates are to be performed.' });
  });

  test('a creation that fails is rolled back, and says which resource failed and why', async () => {
    const { StackId } = await create(JSON.stringify({ Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 901 } } } }));
    expect(await describe1(StackId!)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE', StackStatusReason: expect.stringContaining('Jobs') as string });
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: StackId }));
    expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toMatchObject({
      LogicalResourceId: 'Jobs', ResourceStatusReason: expect.stringContaining('DelaySeconds') as string,
    });
    await expect(client.send(new UpdateStackCommand({ StackName: 'Queues', TemplateBody: queueTemplate() })))
      .rejects.toThrow('is in ROLLBACK_COMPLETE state and can not be updated.');
  });

  test('a creation that fails is deleted where OnFailure says so', async () => {
    await client.send(new CreateStackCommand({
      StackName: 'Queues', OnFailure: 'DELETE',
      TemplateBody: JSON.stringify({ Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 901 } } } }),
    }));
    await expect(describe1('Queues')).rejects.toThrow('Stack with id Queues does not exist');
  });

  test('a deleted stack is found by its ID only, and in the list', async () => {
    const { StackId } = await create();
    await client.send(new DeleteStackCommand({ StackName: 'Queues' }));
    expect(simulation.queues).toEqual([]);
    await expect(describe1('Queues')).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack with id Queues does not exist' });
    expect(await describe1(StackId!)).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
    const { StackSummaries } = await client.send(new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }));
    expect(StackSummaries).toMatchObject([{ StackId, StackName: 'Queues', DeletionTime: simulation.now }]);
  });

  test('deleting a stack that does not exist is no error', async () => {
    await expect(client.send(new DeleteStackCommand({ StackName: 'Nothing' }))).resolves.toBeDefined();
  });

  test('a stack with termination protection cannot be deleted until it is turned off', async () => {
    await create();
    await client.send(new UpdateTerminationProtectionCommand({ StackName: 'Queues', EnableTerminationProtection: true }));
    expect(await describe1('Queues')).toMatchObject({ EnableTerminationProtection: true });
    await expect(client.send(new DeleteStackCommand({ StackName: 'Queues' })))
      .rejects.toThrow('Stack [Queues] cannot be deleted while TerminationProtection is enabled');
    await client.send(new UpdateTerminationProtectionCommand({ StackName: 'Queues', EnableTerminationProtection: false }));
    await client.send(new DeleteStackCommand({ StackName: 'Queues' }));
    expect(simulation.queues).toEqual([]);
  });

  test('exports are listed with the stacks that import them, and cannot be deleted while one does', async () => {
    const { StackId } = await create();
    await expect(client.send(new ListImportsCommand({ ExportName: 'JobsArn' }))).rejects.toThrow('is not imported by any stack');
    await create(importing, 'Copies');
    expect((await client.send(new ListExportsCommand({}))).Exports)
      .toEqual([{ ExportingStackId: StackId, Name: 'JobsArn', Value: simulation.queue('Jobs').arn }]);
    expect((await client.send(new ListImportsCommand({ ExportName: 'JobsArn' }))).Imports).toEqual(['Copies']);
    await expect(client.send(new DeleteStackCommand({ StackName: 'Queues' }))).rejects.toThrow('JobsArn');
  });

  test('the template is given back as it was given', async () => {
    const text = queueTemplate();
    await create(text);
    expect((await client.send(new GetTemplateCommand({ StackName: 'Queues' }))).TemplateBody).toBe(text);
  });
});

documented('change sets', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html', () => {
  test('one for a new stack leaves it in review, and creates it with the same ID when it is executed', async () => {
    const { Id, StackId, described } = await changeSet(queueTemplate(), 'CREATE');
    expect(described).toMatchObject({
      Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', StackName: 'Queues',
      Changes: [{ Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: 'Jobs', ResourceType: 'AWS::SQS::Queue' } }],
    });
    expect(await describe1('Queues')).toMatchObject({ StackId, StackStatus: 'REVIEW_IN_PROGRESS' });
    expect(simulation.queues).toEqual([]);

    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }));
    expect(await describe1('Queues')).toMatchObject({ StackId, StackStatus: 'CREATE_COMPLETE', ChangeSetId: Id });
    await expect(client.send(new DescribeChangeSetCommand({ ChangeSetName: Id }))).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  });

  test('one for an update names the properties that change, and changes nothing until it is executed', async () => {
    await create();
    const { described } = await changeSet(queueTemplate(60), 'UPDATE');
    expect(described.Changes).toMatchObject([{
      ResourceChange: {
        Action: 'Modify', Replacement: 'False', Scope: ['Properties'], PhysicalResourceId: simulation.queue('Jobs').url,
        Details: [{ Target: { Attribute: 'Properties', Name: 'VisibilityTimeout', RequiresRecreation: 'Never' } }],
      },
    }]);
    expect(await describe1('Queues')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  test('one without changes fails with the words that clients look for, and cannot be executed', async () => {
    await create();
    const { Id, described } = await changeSet(queueTemplate(), 'UPDATE');
    expect(described).toMatchObject({
      Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE',
      StatusReason: 'The submitted information didn\'t contain changes. Submit different information to create a change set.',
    });
    await expect(client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }))).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
  });

  test.each([[true, 'CREATE_FAILED'], [false, 'ROLLBACK_COMPLETE']])('one that fails, executed with DisableRollback %s, leaves its stack in %s', async (DisableRollback, StackStatus) => {
    const { Id, StackId } = await changeSet(JSON.stringify({ Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 901 } } } }), 'CREATE');
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id, DisableRollback }));
    expect(await describe1(StackId!)).toMatchObject({ StackStatus, DisableRollback });
  });

  test('a second one of the same name is refused until the first is deleted', async () => {
    await create();
    await changeSet(queueTemplate(60), 'UPDATE');
    await expect(changeSet(queueTemplate(90), 'UPDATE')).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    await client.send(new DeleteChangeSetCommand({ StackName: 'Queues', ChangeSetName: 'changes' }));
    expect((await client.send(new ListChangeSetsCommand({ StackName: 'Queues' }))).Summaries).toEqual([]);
    await changeSet(queueTemplate(90), 'UPDATE');
    expect((await client.send(new ListChangeSetsCommand({ StackName: 'Queues' }))).Summaries).toMatchObject([{ ChangeSetName: 'changes' }]);
  });

  test('executing one ends all others of its stack', async () => {
    await create();
    const { Id: first } = await changeSet(queueTemplate(60), 'UPDATE', 'first');
    const { Id: second } = await changeSet(queueTemplate(90), 'UPDATE', 'second');
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: second }));
    await expect(client.send(new ExecuteChangeSetCommand({ ChangeSetName: first }))).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  });

  test('a request that is wrong leaves no stack in review', async () => {
    const unmodelled = JSON.stringify({ Resources: { Machine: { Type: 'AWS::EC2::Instance' } } });
    await expect(changeSet(unmodelled, 'CREATE')).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining('AWS::EC2::Instance') as string });
    await expect(describe1('Queues')).rejects.toThrow('does not exist');
  });

  test('one to update a stack that does not exist is refused', async () => {
    await expect(changeSet(queueTemplate(), 'UPDATE')).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack [Queues] does not exist' });
  });

  test('one to create a stack that exists is refused', async () => {
    await create();
    await expect(changeSet(queueTemplate(), 'CREATE')).rejects.toThrow('Stack [Queues] already exists and cannot be created again');
  });
});

documented('templates', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html', () => {
  test('are read from an object of the bootstrap bucket, by each form of its address', async () => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'queues.json', Body: queueTemplate() }));
    for (const TemplateURL of [
      `https://s3.us-east-1.amazonaws.com/${bucket}/queues.json`, `https://${bucket}.s3.us-east-1.amazonaws.com/queues.json`,
      `https://${bucket}.s3.amazonaws.com/queues.json`, `${simulation.endpoint}/${bucket}/queues.json`,
    ]) {
      expect(await client.send(new GetTemplateSummaryCommand({ TemplateURL }))).toMatchObject({
        Description: 'One queue', ResourceTypes: ['AWS::SQS::Queue'], Parameters: [{ ParameterKey: 'Delay', DefaultValue: '0' }],
      });
    }
  });

  test('the capabilities that a template needs are named, and asked for', async () => {
    const role = (properties: object): string => JSON.stringify({
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] }, ...properties } } },
    });
    expect((await client.send(new ValidateTemplateCommand({ TemplateBody: role({}) }))).Capabilities).toEqual(['CAPABILITY_IAM']);
    await expect(create(role({}))).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException', message: 'Requires capabilities : [CAPABILITY_IAM]',
    });
    await expect(client.send(new CreateStackCommand({ StackName: 'Roles', TemplateBody: role({ RoleName: 'r' }), Capabilities: ['CAPABILITY_IAM'] })))
      .rejects.toThrow('Requires capabilities : [CAPABILITY_NAMED_IAM]');
    await client.send(new CreateStackCommand({ StackName: 'Roles', TemplateBody: role({}), Capabilities: ['CAPABILITY_NAMED_IAM'] }));
    expect(await describe1('Roles')).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
  });

  test.each<[string, object, string]>([
    ['no JSON', { TemplateBody: 'Resources:' }, 'Template format error: JSON not well-formed'],
    ['no object', { TemplateBody: '[]' }, 'Template format error: unsupported structure.'],
    ['no resource', { TemplateBody: '{"Resources":{}}' }, 'At least one Resources member must be defined.'],
    ['a body that is too long', { TemplateBody: ' '.repeat(51_201) }, 'must be from 1 to 51200 bytes, got 51201'],
    ['neither body nor address', {}, 'Either Template URL or Template Body must be specified.'],
    ['both', { TemplateBody: '{}', TemplateURL: 'https://s3.amazonaws.com/a/b' }, 'You cannot specify both'],
    ['an address elsewhere', { TemplateURL: 'https://example.com/template.json' }, 'TemplateURL must be a supported URL'],
    ['an object that is missing', { TemplateURL: `https://s3.us-east-1.amazonaws.com/${bucket}/missing.json` }, 'S3 error: The specified key does not exist'],
  ])('%s is refused', async (_what, source, message) => {
    await expect(client.send(new CreateStackCommand({ StackName: 'Queues', ...source })))
      .rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining(message) as string });
  });

  test.each<[string, object, string]>([
    ['a stack name that begins with a digit', { StackName: '1st' }, '\'stackName\' must begin with a letter'],
    ['a parameter that is not in the template', { Parameters: [{ ParameterKey: 'Other', ParameterValue: '1' }] }, 'Parameters: [Other] do not exist in the template'],
    ['the previous value of a new stack', { Parameters: [{ ParameterKey: 'Delay', UsePreviousValue: true }] }, 'Delay'],
    ['what the simulator would ignore', { StackPolicyBody: '{}', NotificationARNs: ['arn:aws:sns:us-east-1:000000000000:t'] }, 'does not model StackPolicyBody, NotificationARNs'],
  ])('%s is refused', async (_what, members, message) => {
    await expect(client.send(new CreateStackCommand({ StackName: 'Queues', TemplateBody: queueTemplate(), ...members })))
      .rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining(message) as string });
  });
});

describe('the bootstrap resources', () => {
  test('are there from the start, and stay as they are', async () => {
    expect(await describe1('CDKToolkit')).toMatchObject({
      StackStatus: 'CREATE_COMPLETE', Outputs: expect.arrayContaining([{ OutputKey: 'BucketName', OutputValue: bucket }]) as unknown[],
    });
    const { Id } = await client.send(new CreateChangeSetCommand({ StackName: 'CDKToolkit', ChangeSetName: 'again', TemplateBody: 'Description: YAML' }));
    expect(await client.send(new DescribeChangeSetCommand({ ChangeSetName: Id }))).toMatchObject({ Status: 'FAILED', StatusReason: expect.stringContaining('didn\'t contain changes') as string });
    await expect(client.send(new DeleteStackCommand({ StackName: 'CDKToolkit' }))).rejects.toThrow('cannot be deleted');
    expect(await s3.send(new GetBucketLocationCommand({ Bucket: bucket }))).toMatchObject({ $metadata: { httpStatusCode: 200 } });
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    expect(ServerSideEncryptionConfiguration).toEqual({ Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] });
  });
});

documented('functions from zip files', 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html', () => {
  const template = JSON.stringify({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs22.x', Handler: 'source/index.handler', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { S3Bucket: bucket, S3Key: 'code.zip' },
        },
      },
    },
  });
  const deploy = async (zip: Uint8Array): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'code.zip', Body: zip }));
    await client.send(new CreateStackCommand({ StackName: 'Functions', TemplateBody: template, Capabilities: ['CAPABILITY_IAM'] }));
  };
  const unpacked = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('cdk-messaging-assets-'));

  test('run with what the zip file of the bucket holds, which is removed at the end', async () => {
    const before = unpacked();
    await deploy(zipSync({ source: { 'index.js': strToU8('exports.handler = async ({ number }) => require("../other").twice(number);') }, 'other.js': strToU8('exports.twice = (n) => 2 * n;') }));
    const invocation = simulation.function('Function').invoke({ number: 21 });
    await simulation.advance(1000);
    expect(await invocation).toMatchObject({ status: 'succeeded', payload: 42 });

    const [folder] = unpacked().filter((name) => !before.includes(name));
    expect(folder).toBeDefined();
    await simulation.stop();
    expect(existsSync(`${tmpdir()}/${folder}`)).toBe(false);
  });

  test.each<[string, () => Uint8Array, string]>([
    ['a path that leaves the folder', () => zipSync({ '../../outside.js': strToU8('') }), 'must not hold the path \'../../outside.js\''],
    ['an absolute path', () => zipSync({ '/outside.js': strToU8('') }), 'must not hold the path \'/outside.js\''],
    ['more than 250 MiB', () => {
      const zip = Buffer.from(zipSync({ 'large.bin': strToU8('x') }));
      zip.writeUInt32LE(250 * 1024 * 1024 + 1, zip.indexOf(Buffer.from('PK\u0001\u0002')) + 24); // its size, as the directory says
      return zip;
    }, 'must unpack to at most 262144000 bytes'],
    ['something that is no zip file', () => strToU8('code'), 'must be a zip file that can be unpacked'],
  ])('%s is refused, and the stack rolled back', async (_what, zip, message) => {
    await deploy(zip());
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'Functions' }));
    expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')!.ResourceStatusReason).toContain(message);
    expect(await describe1('Functions')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  });
});
