import { App, CfnOutput, CfnParameter, DefaultStackSynthesizer, Duration, Fn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Simulation } from '../../../simulator';
import { ServiceError } from '../../../simulator/contracts';
import { ParameterStore } from '../../../simulator/ssm';
import { documented } from '../documented';

let simulation: Simulation;
afterEach(() => simulation?.stop());

const newStack = (name = 'Shop', app = new App()) => new Stack(app, name);
const call = async (operation: string, input: object) => {
  const response = await fetch(simulation.endpoint, {
    method: 'POST', headers: { 'x-amz-target': `AmazonSSM.${operation}`, 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(input),
  });
  return { status: response.status, body: await response.json() as Record<string, unknown> };
};
const value = async (Name: string) => ((await call('GetParameter', { Name })).body.Parameter as { Value: string } | undefined)?.Value;

documented('a parameter of a stack', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html', () => {
  test('is there for clients, with what the stack knows of it', async () => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'Queue', { queueName: 'orders' });
    const parameter = new ssm.StringParameter(stack, 'Parameter', { parameterName: '/shop/queue', stringValue: queue.queueName });
    new ssm.StringListParameter(stack, 'List', { parameterName: '/shop/list', stringListValue: ['a', 'b'] });
    new CfnOutput(stack, 'Name', { value: parameter.parameterName });
    new CfnOutput(stack, 'Value', { value: parameter.stringValue });
    simulation = await Simulation.start(stack);

    expect((await call('GetParameter', { Name: '/shop/queue' })).body).toEqual({ Parameter: {
      Name: '/shop/queue', Type: 'String', Value: 'orders', Version: 1, DataType: 'text', LastModifiedDate: Date.UTC(2026, 0, 5, 9) / 1000,
      ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/shop/queue',
    } });
    expect((await call('GetParameters', { Names: ['/shop/list', '/none', '/shop/queue:1'] })).body).toMatchObject({
      Parameters: [{ Name: '/shop/list', Type: 'StringList', Value: 'a,b' }, { Name: '/shop/queue', Selector: ':1' }], InvalidParameters: ['/none'],
    });
    expect(simulation.outputs('Shop')).toEqual({ Name: '/shop/queue', Value: 'orders' });
  });

  test('gets a name, another version with each update, and is gone with its stack', async () => {
    const build = (stringValue: string, parameterName?: string) => {
      const stack = newStack();
      new CfnOutput(stack, 'Name', { value: new ssm.StringParameter(stack, 'Parameter', { stringValue, parameterName, simpleName: true }).parameterName });
      return stack;
    };
    simulation = await Simulation.start(build('one'));
    const { Name } = simulation.outputs('Shop') as { Name: string };
    expect(Name).toMatch(/^CFN-/);
    await simulation.update(build('two'));
    expect((await call('GetParameter', { Name })).body).toMatchObject({ Parameter: { Value: 'two', Version: 2 } });
    await simulation.update(build('two', 'plain'));
    expect([await value(Name), await value('plain')]).toEqual([undefined, 'two']);
    await simulation.destroy();
    expect(await value('plain')).toBeUndefined();
  });

  test('gives its value to a template of another stack, anew at each update', async () => {
    const shared = (stringValue: string) => {
      const stack = newStack('Shared');
      new ssm.StringParameter(stack, 'Parameter', { parameterName: '/shared/name', stringValue });
      new ssm.StringListParameter(stack, 'List', { parameterName: '/shared/names', stringListValue: ['a', 'b'] });
      return stack;
    };
    const using = (more = '') => {
      const stack = newStack('Using');
      const names = new CfnParameter(stack, 'Names', { type: 'AWS::SSM::Parameter::Value<List<String>>', default: '/shared/names' });
      new CfnOutput(stack, 'Found', { value: `${ssm.StringParameter.valueForStringParameter(stack, '/shared/name')}${more}` });
      new CfnOutput(stack, 'Second', { value: Fn.select(1, names.valueAsList) });
      new sqs.Queue(stack, 'Queue', { queueName: ssm.StringParameter.valueForStringParameter(stack, '/shared/name') });
      return stack;
    };
    simulation = await Simulation.start(shared('first'));
    await simulation.update(using());
    expect(simulation.outputs('Using')).toEqual({ Found: 'first', Second: 'b' });
    expect(simulation.queue('Using/Queue').name).toBe('first');
    await simulation.update(shared('second'));
    await simulation.update(using('!'));
    expect(simulation.outputs('Using').Found).toBe('second!');
    expect(simulation.queue('Using/Queue').name).toBe('second');
  });

  test('tells the version of a bootstrap, whatever its qualifier', async () => {
    const stack = new Stack(new App(), 'Shop', { synthesizer: new DefaultStackSynthesizer({ qualifier: 'ours' }) });
    new CfnOutput(stack, 'Version', { value: ssm.StringParameter.valueForStringParameter(stack, '/cdk-bootstrap/ours/version') });
    simulation = await Simulation.start(stack);
    expect(Number(simulation.outputs('Shop').Version)).toBeGreaterThanOrEqual(6);
    await expect(simulation.update(new Stack(new App(), 'Other', { synthesizer: new DefaultStackSynthesizer({ bootstrapStackVersionSsmParameter: '/ours' }) })))
      .rejects.toThrow('Unable to fetch parameters [/ours] from parameter store for this account.');
  });

  test('is not made over one that there is', async () => {
    const stack = newStack();
    new ssm.CfnParameter(stack, 'One', { name: 'a', type: 'String', value: '1' });
    new ssm.CfnParameter(stack, 'Two', { name: 'a', type: 'String', value: '2' });
    await expect(Simulation.start(stack)).rejects.toThrow("Resource of type 'AWS::SSM::Parameter' with identifier 'a' already exists.");
  });

  test.each<[Partial<ssm.CfnParameterProps>, string]>([
    [{ name: 'a b' }, "'Name' must have letters, digits, dots, hyphens, underscores and slashes"],
    [{ name: 'aws-thing' }, 'not begin with aws or ssm'],
    [{ name: '/ssm/thing' }, 'not begin with aws or ssm'],
    [{ name: 'a/b' }, "'Name' must begin with a slash where it has one, got 'a/b'"],
    [{ type: 'SecureString' }, "'Type' must be String or StringList, got 'SecureString'"],
    [{ dataType: 'aws:ec2:image' }, "'DataType' must be text, the one that is modelled"],
    [{ tier: 'Large' }, "'Tier' must be Standard, Advanced, Intelligent-Tiering, got 'Large'"],
    [{ value: 'x'.repeat(4097) }, "'Value' must have from 1 to 4096 characters, got 4097"],
    [{ value: '' }, "'Value' must have from 1 to 4096 characters, got 0"],
    [{ value: 'x'.repeat(8193), tier: 'Advanced' }, "'Value' must have from 1 to 8192 characters, got 8193"],
    [{ allowedPattern: '\\d+', value: '1a' }, "'Value' must match the 'AllowedPattern' \\d+, got '1a'"],
  ])('is refused: %#', async (properties, message) => {
    const stack = newStack();
    new ssm.CfnParameter(stack, 'Parameter', { name: 'name', type: 'String', value: 'value', ...properties });
    await expect(Simulation.start(stack)).rejects.toThrow(message);
  });

  test('takes what is at the end of a range', async () => {
    const stack = newStack();
    new ssm.CfnParameter(stack, 'Standard', { name: '/a/b', type: 'String', value: 'x'.repeat(4096) });
    new ssm.CfnParameter(stack, 'Advanced', { name: 'b', type: 'String', value: 'x'.repeat(8192), tier: 'Advanced' });
    new ssm.CfnParameter(stack, 'Pattern', { name: 'c', type: 'String', value: '12', allowedPattern: '\\d+' });
    simulation = await Simulation.start(stack);
    expect(await value('c')).toBe('12');
  });
});

documented('the calls that read parameters', 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html', () => {
  const store = (authorize?: ConstructorParameters<typeof ParameterStore>[2]) => {
    const parameters = new ParameterStore(() => 0, { account: '111122223333', region: 'eu-west-1', partition: 'aws', endpoint: '' }, authorize);
    parameters.put('/a/b', 'one');
    parameters.put('/a/b', 'two');
    parameters.put('plain', 'three');
    return (operation: string, input: Record<string, unknown>) => parameters.call(operation, input, { principal: '111122223333' });
  };

  test.each<[string, Record<string, unknown>, object]>([
    ['GetParameters', { Names: [] }, { code: 'ValidationException', message: "'names' must have from 1 to 10 members, got 0" }],
    ['GetParameters', { Names: Array.from({ length: 11 }, () => 'plain') }, { message: "'names' must have from 1 to 10 members, got 11" }],
    ['GetParameter', { Name: null }, { code: 'ValidationException', message: expect.stringContaining("Value null at 'name'") }],
    ['PutParameter', {}, { code: 'InvalidAction', message: expect.stringContaining('PutParameter') }],
  ])('are refused to who asks wrongly: %s %j', async (operation, input, refusal) => {
    await expect(store()(operation, input)).rejects.toMatchObject(refusal);
  });

  test('are given ten at a time, and a name that can be none is invalid', async () => {
    expect((await store()('GetParameters', { Names: Array.from({ length: 10 }, () => 'plain') })).Parameters).toHaveLength(10);
    expect(await store()('GetParameters', { Names: ['a:b:c'] })).toEqual({ Parameters: [], InvalidParameters: ['a:b:c'] });
  });

  test.each([
    ['/a/b', 'two'], ['/a/b:2', 'two'], ['arn:aws:ssm:eu-west-1:111122223333:parameter/a/b', 'two'], ['arn:aws:ssm:eu-west-1:111122223333:parameter/a/b:2', 'two'],
    ['plain', 'three'], ['arn:aws:ssm:eu-west-1:111122223333:parameter/plain', 'three'],
  ])('find %s', async (Name, Value) => {
    await expect(store()('GetParameter', { Name })).resolves.toMatchObject({ Parameter: { Value } });
  });

  test.each([
    ['/a', 'ParameterNotFound'], ['a/b', 'ParameterNotFound'], ['/plain', 'ParameterNotFound'], ['/a/b:1', 'ParameterVersionNotFound'], ['', 'ValidationException'],
  ])('fail for %s with %s', async (Name, name) => {
    await expect(store()('GetParameter', { Name })).rejects.toMatchObject({ name });
  });

  test.each([
    ['GetParameter', { Name: '/a/b:2' }], ['GetParameters', { Names: ['arn:aws:ssm:eu-west-1:111122223333:parameter/a/b'] }],
  ])('%s fails without the permission on the parameter', async (operation, input) => {
    const refusing = store((action, resource) => { throw new ServiceError('AccessDenied', `${action} ${resource}`, 403); });
    await expect(refusing(operation, input)).rejects.toThrow(`ssm:${operation} arn:aws:ssm:eu-west-1:111122223333:parameter/a/b`);
  });

  test('are allowed to a function whose role may', async () => {
    const run = async (mayRead: boolean) => {
      const stack = newStack();
      const parameter = new ssm.StringParameter(stack, 'Parameter', { parameterName: '/shop/name', stringValue: 'orders' });
      const code = `exports.handler = async () => { const response = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers: {
        'x-amz-target': 'AmazonSSM.GetParameter', 'content-type': 'application/x-amz-json-1.1',
        authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260105/us-east-1/ssm/aws4_request' }, body: JSON.stringify({ Name: '/shop/name' }) });
        return response.status; };`;
      const handler = new lambda.Function(stack, 'Function', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline(code) });
      if (mayRead) handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [parameter.parameterArn] }));
      simulation = await Simulation.start(stack);
      const result = simulation.function('Function').invoke({});
      await simulation.advance(Duration.seconds(5));
      await simulation.stop();
      return (await result).payload;
    };
    await expect(run(true)).resolves.toBe(200);
    await expect(run(false)).resolves.toBe(403);
  });
});
