import { ServiceError } from '../../../simulator/contracts';
import { authorization, form, raw, serve, type RawResponse, type Served } from './fixture';

let served: Served;

beforeAll(async () => { served = await serve(); });
afterAll(() => served.server.close());
beforeEach(() => {
  for (const api of [served.sqs, served.sns, served.cloudwatch]) api.answer = () => ({});
});

const post = (service: string, parameters: Record<string, string> | string, path = '/'): Promise<RawResponse> => raw(served.port, {
  path, headers: { ...form, authorization: authorization(service) },
  body: typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString(),
});

describe('SQS as AWS query', () => {
  test('takes attributes, tags and message attributes as numbered parameters', async () => {
    await post('sqs', {
      'Action': 'CreateQueue', 'QueueName': 'orders', 'Attribute.1.Name': 'DelaySeconds', 'Attribute.1.Value': '5',
      'Attribute.2.Name': 'Policy', 'Attribute.2.Value': '{"a":"ä + b"}', 'Tag.1.Key': 'team', 'Tag.1.Value': 'billing',
    });
    expect(served.sqs.last.input).toEqual({
      QueueName: 'orders', Attributes: { DelaySeconds: '5', Policy: '{"a":"ä + b"}' }, tags: { team: 'billing' },
    });

    await post('sqs', {
      'Action': 'SendMessage', 'QueueUrl': 'u', 'MessageBody': 'text', 'DelaySeconds': '10',
      'MessageAttribute.1.Name': 'bytes', 'MessageAttribute.1.Value.DataType': 'Binary', 'MessageAttribute.1.Value.BinaryValue': 'AAEC',
      'MessageSystemAttribute.1.Name': 'AWSTraceHeader', 'MessageSystemAttribute.1.Value.DataType': 'String',
      'MessageSystemAttribute.1.Value.StringValue': 'Root=1',
    });
    expect(served.sqs.last.input).toEqual({
      QueueUrl: 'u', MessageBody: 'text', DelaySeconds: 10,
      MessageAttributes: { bytes: { DataType: 'Binary', BinaryValue: Buffer.of(0, 1, 2) } },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
    });
  });

  test('takes the entries of a batch by their numbers, which need not stand in order', async () => {
    await post('sqs', {
      'Action': 'SendMessageBatch', 'QueueUrl': 'u',
      'SendMessageBatchRequestEntry.10.Id': 'second', 'SendMessageBatchRequestEntry.10.MessageBody': '2',
      'SendMessageBatchRequestEntry.2.Id': 'first', 'SendMessageBatchRequestEntry.2.MessageBody': '1',
    });
    expect(served.sqs.last.input.Entries).toEqual([{ Id: 'first', MessageBody: '1' }, { Id: 'second', MessageBody: '2' }]);
  });

  test('takes the queue from the path of the queue URL, by POST and by GET', async () => {
    await post('sqs', { Action: 'PurgeQueue' }, '/000000000000/orders');
    expect(served.sqs.last.input).toEqual({ QueueUrl: `${served.endpoint}/000000000000/orders` });
    await post('sqs', { Action: 'PurgeQueue', QueueUrl: 'given' }, '/000000000000/orders');
    expect(served.sqs.last.input).toEqual({ QueueUrl: 'given' });
    await raw(served.port, { method: 'GET', path: '/000000000000/orders?Action=ReceiveMessage&AttributeName.1=All&MaxNumberOfMessages=10' });
    expect(served.sqs.last.operation).toBe('ReceiveMessage');
    expect(served.sqs.last.input).toEqual({
      QueueUrl: `${served.endpoint}/000000000000/orders`, AttributeNames: ['All'], MaxNumberOfMessages: 10,
    });
  });

  test('answers with flattened lists and maps, control characters as references', async () => {
    served.sqs.answer = () => ({
      Messages: [{
        MessageId: 'id', Body: 'a<b>&"c"\r\n\u0085', Attributes: { SentTimestamp: '1' },
        MessageAttributes: { bytes: { DataType: 'Binary', BinaryValue: Buffer.of(0, 1, 2) } },
      }],
    });
    const { status, body, headers } = await post('sqs', { Action: 'ReceiveMessage', QueueUrl: 'u' });
    expect([status, headers['content-type']]).toEqual([200, 'text/xml']);
    expect(body).toBe('<?xml version="1.0"?><ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult>'
      + '<Message><MessageId>id</MessageId><Body>a&lt;b&gt;&amp;&quot;c&quot;&#xD;&#xA;&#x85;</Body>'
      + '<Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute>'
      + '<MessageAttribute><Name>bytes</Name><Value><DataType>Binary</DataType><BinaryValue>AAEC</BinaryValue></Value></MessageAttribute>'
      + `</Message></ReceiveMessageResult><ResponseMetadata><RequestId>${String(headers['x-amzn-requestid'])}</RequestId></ResponseMetadata></ReceiveMessageResponse>`);
  });

  test('answers without a result element where there is no result', async () => {
    const { body } = await post('sqs', { Action: 'DeleteMessage', QueueUrl: 'u', ReceiptHandle: 'r' });
    expect(body).not.toContain('DeleteMessageResult');
    expect(body).toContain('<DeleteMessageResponse');
  });

  test('names errors as the query protocol does', async () => {
    served.sqs.answer = () => { throw new ServiceError('QueueDoesNotExist', 'No <such> queue'); };
    const { status, body, headers } = await post('sqs', { Action: 'PurgeQueue', QueueUrl: 'u' });
    expect(status).toBe(400);
    expect(body).toContain('<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>No &lt;such&gt; queue</Message>');
    expect(body).toContain(`<RequestId>${String(headers['x-amzn-requestid'])}</RequestId>`);
  });
});

describe('CloudWatch as AWS query', () => {
  test('takes structures in lists, numbers, flags and moments', async () => {
    await post('monitoring', {
      'Action': 'PutMetricAlarm', 'AlarmName': 'a', 'Threshold': '1.5', 'Period': '60', 'ActionsEnabled': 'false',
      'Dimensions.member.1.Name': 'QueueName', 'Dimensions.member.1.Value': 'orders', 'AlarmActions.member.1': 'arn',
    });
    expect(served.cloudwatch.last.input).toEqual({
      AlarmName: 'a', Threshold: 1.5, Period: 60, ActionsEnabled: false,
      Dimensions: [{ Name: 'QueueName', Value: 'orders' }], AlarmActions: ['arn'],
    });
    await post('monitoring', { Action: 'GetMetricData', StartTime: '2026-01-05T09:00:00Z', EndTime: '1767603600' });
    expect(served.cloudwatch.last.input).toEqual({ StartTime: new Date('2026-01-05T09:00:00Z'), EndTime: new Date('2026-01-05T09:00:00Z') });
  });

  test('answers with moments in ISO 8601, and empty lists as empty elements', async () => {
    served.cloudwatch.answer = () => ({ MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: 1767603600.5, OKActions: [], Threshold: 0 }] });
    const { body } = await post('monitoring', { Action: 'DescribeAlarms' });
    expect(body).toContain('<MetricAlarms><member><AlarmName>a</AlarmName><OKActions/><Threshold>0</Threshold>'
      + '<StateUpdatedTimestamp>2026-01-05T09:00:00.500Z</StateUpdatedTimestamp></member></MetricAlarms>');
  });

  test('answers an error with its code and status of the service model, by whichever name the service has it', async () => {
    for (const code of ['InvalidParameterValue', 'InvalidParameterValueException']) {
      served.cloudwatch.answer = () => { throw new ServiceError(code, 'x'); };
      expect((await post('monitoring', { Action: 'DeleteAlarms' })).body).toContain('<Code>InvalidParameterValue</Code>');
    }
    served.cloudwatch.answer = () => { throw new ServiceError('DashboardNotFoundError', 'x'); };
    expect(await post('monitoring', { Action: 'GetDashboard' })).toMatchObject({
      status: 404, body: expect.stringContaining('<Code>ResourceNotFound</Code>') as unknown,
    });
  });
});

describe('the service that a request is for', () => {
  test('follows from the credential scope, where two services have an action of one name', async () => {
    await post('sns', { Action: 'TagResource', ResourceArn: 'sns' });
    expect(served.sns.last.input).toEqual({ ResourceArn: 'sns' });
    await post('monitoring', { Action: 'TagResource', ResourceARN: 'cloudwatch' });
    expect(served.cloudwatch.last.input).toEqual({ ResourceARN: 'cloudwatch' });
  });

  test('follows from the version where nobody signed, or else from the action', async () => {
    await raw(served.port, { headers: form, body: 'Action=TagResource&Version=2010-08-01&ResourceARN=by-version' });
    expect(served.cloudwatch.last.input).toEqual({ ResourceARN: 'by-version' });
    await raw(served.port, { headers: form, body: 'Action=ListTopics&NextToken=by-action' });
    expect(served.sns.last.input).toEqual({ NextToken: 'by-action' });
    expect(served.sns.last.caller).toEqual({ principal: 'nobody' });
  });

  test('is refused by name where the simulator does not serve it', async () => {
    const { status, body } = await post('dynamodb', { Action: 'PutItem' });
    expect([status, body]).toEqual([400, expect.stringContaining("no AWS service 'dynamodb'")]);
    const rest = await raw(served.port, { method: 'GET', path: '/v1/apis', headers: { authorization: authorization('appsync') } });
    expect([rest.status, rest.body]).toEqual([400, expect.stringContaining("no AWS service 'appsync'")]);
  });

  test('gives the access key of a presigned URL, and of signature version 2', async () => {
    await raw(served.port, { method: 'GET', path: '/?Action=ListTopics&X-Amz-Credential=AKIAPRE%2F20260105%2Fus-east-1%2Fsns%2Faws4_request' });
    expect(served.sns.last.caller).toEqual({ principal: 'AKIAPRE' });
    await raw(served.port, { method: 'GET', path: '/?Action=ListTopics&Version=2010-03-31&AWSAccessKeyId=AKIAOLD' });
    expect(served.sns.last.caller).toEqual({ principal: 'AKIAOLD' });
  });
});

describe('a malformed request of the query protocol', () => {
  test.each([
    ['without an action', 'QueueUrl=u', 'MissingAction', 'Action'],
    ['with an empty action', 'Action=', 'MissingAction', 'Action'],
    ['with an unknown action', 'Action=Nonsense', 'InvalidAction', 'Nonsense'],
    ['with an action that every object has', 'Action=constructor', 'InvalidAction', 'constructor'],
    ['with a bad escape sequence', 'Action=SendMessage&MessageBody=%E0%A4%A', 'MalformedQueryString', '%E0%A4%A'],
    ['with text for a number', 'Action=ReceiveMessage&WaitTimeSeconds=soon', 'MalformedInput', "'WaitTimeSeconds' must be an integer"],
    ['with an item that has no number', 'Action=GetQueueAttributes&AttributeName.x=All', 'MalformedInput', "must be numbered from 1, got 'x'"],
    ['with a value for a list', 'Action=GetQueueAttributes&AttributeName=All', 'MalformedInput', 'must be a numbered list'],
    ['with a structure for a value', 'Action=SendMessage&MessageBody.a=b', 'MalformedInput', 'must be a value'],
    ['with a map entry that has no name', 'Action=SetQueueAttributes&Attribute.1.Value=b', 'MalformedInput', 'must have a Name in entry 1'],
    ['with a map entry that has no value', 'Action=SetQueueAttributes&Attribute.1.Name=b', 'MalformedInput', 'must have a Value in entry 1'],
    ['with bytes that are not base64', 'Action=SendMessage&MessageAttribute.1.Name=a&MessageAttribute.1.Value.BinaryValue=%25', 'MalformedInput', 'must be base64 text'],
  ])('%s is refused in XML, with a request ID', async (_kind, body, code, message) => {
    const calls = served.sqs.calls.length;
    const response = await post('sqs', body);
    expect(response.status).toBe(400);
    expect(response.headers['x-amzn-requestid']).toBeTruthy();
    expect(response.body).toContain(`<Code>${code}</Code>`);
    expect(response.body).toContain(message);
    expect(served.sqs.calls.length).toBe(calls);
  });

  test.each([
    ['StartTime=yesterday', "'StartTime' must be a moment"],
    ['Period=60&ActionsEnabled=perhaps', "'ActionsEnabled' must be true or false"],
    ['Threshold=', "'Threshold' must be a number"],
  ])('with %s is refused by the name of the parameter', async (parameters, message) => {
    const action = parameters.startsWith('StartTime') ? 'GetMetricData' : 'PutMetricAlarm';
    expect(await post('monitoring', `Action=${action}&${parameters}`)).toMatchObject({ status: 400, body: expect.stringContaining(message) as unknown });
  });

  test('does not reach what all objects inherit', async () => {
    await post('sqs', 'Action=CreateQueue&QueueName=q&Attribute.1.Name=__proto__&Attribute.1.Value=x&__proto__.a=b&constructor=c');
    const { Attributes } = served.sqs.last.input as { Attributes: object };
    expect(Object.getPrototypeOf(Attributes)).toBe(Object.prototype);
    expect(Object.keys(Attributes)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});

describe('STS', () => {
  test('says who calls', async () => {
    const identity = async (principal: string) => {
      const place = await serve({ callerOf: () => ({ principal }) });
      const { body } = await raw(place.port, { headers: { ...form, authorization: authorization('sts') }, body: 'Action=GetCallerIdentity&Version=2011-06-15' });
      await place.server.close();
      return /<Account>(.*)<\/Account><Arn>(.*)<\/Arn>/.exec(body)?.slice(1);
    };
    expect(await identity('111122223333')).toEqual(['111122223333', 'arn:aws:iam::111122223333:root']);
    expect(await identity('arn:aws:iam::111122223333:role/path/worker')).toEqual(['111122223333', 'arn:aws:sts::111122223333:assumed-role/worker/simulator']);
    expect(await identity('arn:aws:iam::111122223333:user/alice')).toEqual(['111122223333', 'arn:aws:iam::111122223333:user/alice']);
    expect(await identity('sns.amazonaws.com')).toEqual(['000000000000', 'arn:aws:iam::000000000000:root']);
  });

  const assume = (more: Record<string, string>) => post('sts', {
    Action: 'AssumeRole', Version: '2011-06-15', RoleArn: 'arn:aws:iam::111122223333:role/path/worker', RoleSessionName: 'me', ...more,
  });

  test.each([['900'], ['43200']])('gives a session of a role for %s seconds', async (DurationSeconds) => {
    const asked = Date.now();
    const { status, body } = await assume({ DurationSeconds });
    expect(status).toBe(200);
    expect(body).toContain('<Arn>arn:aws:sts::111122223333:assumed-role/worker/me</Arn>');
    const expiration = Date.parse(/<Expiration>(.*)<\/Expiration>/.exec(body)![1]);
    expect(Math.abs(expiration - asked - Number(DurationSeconds) * 1000)).toBeLessThan(60_000);
  });

  test.each<[Record<string, string>, string]>([
    [{ RoleArn: 'arn:aws:iam::111122223333:user/alice' }, "'roleArn' must be the ARN of a role, got 'arn:aws:iam::111122223333:user/alice'"],
    [{ RoleSessionName: 'm' }, "'roleSessionName' must be 2 to 64 letters"], [{ RoleSessionName: 'm'.repeat(65) }, "'roleSessionName' must be 2 to 64 letters"],
    [{ DurationSeconds: '899' }, "'durationSeconds' must be from 900 to 43200, got 899"], [{ DurationSeconds: '43201' }, "got 43201"],
  ])('refuses a session: %j', async (more, message) => {
    const { status, body } = await assume(more);
    expect(status).toBe(400);
    expect(body).toContain('<Code>ValidationError</Code>');
    expect(body.replaceAll('&apos;', "'")).toContain(message);
  });
});
