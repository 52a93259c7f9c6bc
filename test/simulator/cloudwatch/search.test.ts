import { searchExpression } from '../../../simulator/cloudwatch/search/expression';
import { documented } from '../documented';
import { HOUR, MINUTE, START, refusal, world } from './fixture';

const PAGE = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html';
const seconds = START / 1000;

const metric = (namespace: string, name: string, dimensions: Record<string, string> = {}) => ({ namespace, name, dimensions });
const found = (text: string, ...metrics: ReturnType<typeof metric>[]) => metrics.map(searchExpression(text));

documented('a search for partial matches', PAGE, () => {
  test.each([
    ['count', true], ['Count', true], ['COUNT', true], ['couNT', false], ['CustomCount', true], ['Count1', true], ['customcount', false], ['count1', false],
    ['CustomCount1', true], ['customcount1', true], ['1', true], ['ustom', false], ['Custom1', false],
  ])('for %s finds CustomCount1: %j', (term, expected) => {
    expect(found(term, metric('Shop', 'CustomCount1'))).toEqual([expected]);
  });

  test.each(['network/errors', 'network+errors', 'network-errors', 'Network_Errors'])('for %s finds names with other signs, or without', (term) => {
    expect(found(term, metric('Shop', 'Network-Errors-2'), metric('Shop', 'NetworkErrors2'), metric('Shop', 'NetworkLostErrors'))).toEqual([true, true, false]);
  });

  test.each([
    ['sdb', 'SDBFailure', true], ['failure', 'SDBFailure', true], ['sdbf', 'SDBFailure', false], ['trial', 'Project2-trial333', true], ['333', 'Project2-trial333', true],
    ['33', 'Project2-trial333', false], ['project2trial333', 'Project2-trial333', true],
  ])('for %s in %s: %j', (term, name, expected) => {
    expect(found(term, metric('Shop', name))).toEqual([expected]);
  });

  test('looks into names, namespaces, dimension names and dimension values', () => {
    expect(found('blue', metric('Blue', 'a'), metric('a', 'BlueSky'), metric('a', 'b', { Blue: 'x' }), metric('a', 'b', { x: 'sky-blue' }), metric('a', 'b')))
      .toEqual([true, true, true, true, false]);
  });
});

documented('a search for exact matches', PAGE, () => {
  test.each([
    ['"CustomCount1"', 'CustomCount1', true], ['"customcount1"', 'CustomCount1', false], ['"Custom"', 'CustomCount1', false],
    ['"Network-Errors-2"', 'Network-Errors-2', true], ['"Network_Errors_2"', 'Network-Errors-2', false],
    ['"Europe\\\\France Traffic\\(Network\\)"', 'Europe\\France Traffic(Network)', true],
  ])('%s in %s: %j', (term, name, expected) => {
    expect(found(term, metric('Shop', name))).toEqual([expected]);
  });
});

documented('the schema of a search', PAGE, () => {
  const metrics = [
    metric('AWS/Lambda', 'Errors', { FunctionName: 'a' }), metric('AWS/Lambda', 'Errors', { FunctionName: 'a', Resource: 'a:1' }), metric('AWS/Lambda', 'Errors'),
    metric('Other', 'Errors', { FunctionName: 'a' }),
  ];
  test.each([
    ['{AWS/Lambda,FunctionName}', [true, false, false, false]], ['{AWS/Lambda, FunctionName, Resource} MetricName="Errors"', [false, true, false, false]],
    ['{AWS/Lambda}', [true, true, true, false]], ['{AWS/Lambda, FunctionName}, "a"', [true, false, false, false]], ['{AWS/Lambda} "b"', [false, false, false, false]],
    [' { "AWS/Lambda" , "FunctionName" } ', [true, false, false, false]], ['"Errors"', [true, true, true, true]],
  ])('%s', (text, expected) => {
    expect(found(text, ...metrics)).toEqual(expected);
  });
});

documented('terms of a search', PAGE, () => {
  const metrics = [
    metric('AWS/EC2', 'ReadOps', { InstanceType: 't2.micro' }), metric('AWS/EBS', 'ReadOps', { VolumeId: 'ProjectA' }), metric('Shop', 'ReadOps', { EC2: 'EBS' }),
    metric('Shop', 'Orders'),
  ];
  test.each([
    ['MetricName=ReadOps', [true, true, true, false]], ['MetricName="Read"', [false, false, false, false]], ['InstanceType=micro', [true, false, false, false]],
    ['InstanceType="t2.micro" Namespace="AWS/EC2"', [true, false, false, false]], ['EC2=EBS', [false, false, true, false]],
    ['NOT Namespace=AWS', [false, false, true, true]], ['ReadOps NOT "ProjectA" NOT "EBS"', [true, false, false, false]],
    ['(EC2 OR EBS) AND MetricName=ReadOps', [true, true, true, false]], ['(EC2 OR EBS) MetricName=ReadOps ProjectA', [false, true, false, false]],
    ['Orders OR ReadOps AND ProjectA', [false, true, false, true]], ['(Orders OR ReadOps) AND ProjectA', [false, true, false, false]],
    ['Orders OR (ReadOps AND (ProjectA OR micro))', [true, true, false, true]], ['NOT (EC2 OR EBS)', [false, false, false, true]],
    ['Namespace=Shop and', [false, false, false, false]], ['toString=x', [false, false, false, false]],
  ])('%s', (text, expected) => {
    expect(found(text, ...metrics)).toEqual(expected);
  });

  test.each([
    ['', 'a search must have a schema, a term or both'], ['  ', 'a search must have a schema'], ['{}', 'the schema of a search must have a namespace'],
    ['(a', "'the end' was not expected in the search '(a'"], ['a)', "')' was not expected"], ['a OR', "'the end' was not expected"], ['AND a', "'AND' was not expected"],
    ['a = ', "'the end' was not expected"], ['= a', "'=' was not expected"], ['"open', "'\"' has no meaning in the search"], ['x'.repeat(1025), 'a search must have at most 1024 characters, got 1025'],
    [':aws.AccountId=LOCAL', 'a search in other accounts is not modelled by the simulator'],
  ])('fail for %j', (text, message) => {
    expect(() => searchExpression(text)).toThrow(refusal('ValidationError', message));
  });
});

documented('SEARCH in GetMetricData', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html', () => {
  /** Errors of two functions, 1 and 2 in the first minute and 5 in the third of `b`, and what is no error. */
  function functions() {
    const made = world();
    const errors = (FunctionName: string, value: number, minute: number) => (
      made.cloudWatch.putMetric('AWS/Lambda', 'Errors', { FunctionName }, value, { at: START + minute * MINUTE })
    );
    errors('a', 1, 0);
    errors('b', 2, 0);
    errors('b', 5, 2);
    made.cloudWatch.putMetric('AWS/Lambda', 'Invocations', { FunctionName: 'a' }, 9, { at: START });
    const get = async (queries: object[], from = seconds) => {
      const { MetricDataResults } = await made.call('GetMetricData', {
        StartTime: from, EndTime: from + 300, ScanBy: 'TimestampAscending', MetricDataQueries: queries,
      });
      return (MetricDataResults as { Id: string; Label: string; Values: number[] }[]).map(({ Id, Label, Values }) => [Id, Label, Values]);
    };
    return { ...made, get };
  }
  const SEARCH = `SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors"', 'Sum', 60)`;

  test('gives a series for each metric that is found, labelled by what tells it from the others', async () => {
    const { get } = functions();
    expect(await get([{ Id: 'e1', Expression: SEARCH }])).toEqual([['e1', 'a', [1]], ['e1', 'b', [2, 5]]]);
    expect(await get([{ Id: 'e1', Expression: SEARCH, Label: 'Errors of' }])).toEqual([['e1', 'Errors of a', [1]], ['e1', 'Errors of b', [2, 5]]]);
    expect(await get([{ Id: 'e1', Expression: "SEARCH('{AWS/Lambda,FunctionName} FunctionName=a', 'Sum', 60)" }])).toEqual([['e1', 'Errors', [1]], ['e1', 'Invocations', [9]]]);
    expect(await get([{ Id: 'e1', Expression: "SEARCH('{AWS/Lambda,FunctionName}', 'Sum', 60)" }])).toEqual(
      [['e1', 'a Errors', [1]], ['e1', 'b Errors', [2, 5]], ['e1', 'a Invocations', [9]]],
    );
  });

  test('is taken by other functions, in the same expression or another', async () => {
    const { get } = functions();
    expect(await get([{ Id: 'e1', Expression: SEARCH, ReturnData: false }, { Id: 'e2', Expression: 'SUM(e1)' }])).toEqual([['e2', 'e2', [3, 5]]]);
    expect(await get([{ Id: 'e1', Expression: `SORT(${SEARCH}, MAX, DESC, 1)` }])).toEqual([['e1', 'b', [2, 5]]]);
    expect(await get([{ Id: 'e1', Expression: `TIME_SERIES(10) / ${SEARCH}` }])).toEqual([['e1', 'a', [10]], ['e1', 'b', [5, 2]]]);
    expect(await get([{ Id: 'e1', Expression: `TIME_SERIES(METRIC_COUNT(${SEARCH}))` }])).toEqual([['e1', 'e1', [2, 2, 2, 2, 2]]]);
  });

  test('has the period of its query, or five minutes, where it names none', async () => {
    const { get, call } = functions();
    const Expression = "SEARCH('{AWS/Lambda,FunctionName} FunctionName=b', 'Sum')";
    const { MetricDataResults } = await call('GetMetricData', { StartTime: seconds, EndTime: seconds + 600, MetricDataQueries: [{ Id: 'e1', Expression }] });
    expect(MetricDataResults).toEqual([expect.objectContaining({ Label: 'Errors', Values: [7], Timestamps: [seconds] })]);
    expect(await get([{ Id: 'e1', Expression, Period: 60 }])).toEqual([['e1', 'Errors', [2, 5]]]);
  });

  test('finds metrics that came later, and none that had no data for two weeks', async () => {
    const { get, cloudWatch, clock } = functions();
    cloudWatch.putMetric('AWS/Lambda', 'Errors', { FunctionName: 'c' }, 7, { at: START });
    expect(await get([{ Id: 'e1', Expression: SEARCH }])).toHaveLength(3);
    await clock.advance(15 * 24 * HOUR);
    expect(await get([{ Id: 'e1', Expression: SEARCH }], seconds + 15 * 24 * 3600)).toEqual([]);
  });

  test('that finds nothing is no series, and its sum one without data', async () => {
    const { get } = functions();
    const nothing = "SEARCH('nothing', 'Sum', 60)";
    expect(await get([{ Id: 'e1', Expression: nothing }])).toEqual([]);
    expect(await get([{ Id: 'e1', Expression: `SUM(${nothing})` }, { Id: 'e2', Expression: 'FILL(e1, 0)' }])).toEqual([['e1', 'e1', []], ['e2', 'e2', [0, 0, 0, 0, 0]]]);
    expect(await get([{ Id: 'e1', Expression: `FIRST(${nothing})` }])).toEqual([['e1', 'e1', []]]);
  });

  test.each([
    ["SEARCH('a', 'Most')", 'a statistic must be one of'], ["SEARCH('a', 'Sum', 7)", 'the period of a search must be 1, 5, 10, 20, 30 or a multiple of 60, got 7'],
    ["SEARCH('(a', 'Sum')", "'the end' was not expected"], ["SEARCH('a', 'Sum', 60) + SEARCH('b', 'Sum', 60)", "'+' takes at most one array"],
    ["SUM(SEARCH('a', 'Sum', 60)) + SUM(SEARCH('b', 'Sum', 300))", 'must have metrics of one period, got 60, 300'],
    ["-SUM(SEARCH('a', 'Sum', 60)) * MAX([SEARCH('b', 'Sum', 120)])", 'must have metrics of one period, got 60, 120'],
  ])('fails for %s', async (Expression, message) => {
    await expect(functions().get([{ Id: 'e1', Expression }])).rejects.toThrow(refusal('ValidationError', message));
  });

  test('fails for a search that cannot be read also where it returns nothing', async () => {
    const queries = [{ Id: 'e1', Expression: "SEARCH('(a', 'Sum')", ReturnData: false }, { Id: 'e2', Expression: "SEARCH('a', 'Sum')" }];
    await expect(functions().get(queries)).rejects.toThrow(refusal('ValidationError', "'the end' was not expected"));
  });

  test('labels the series of METRICS by the metrics that they come from', async () => {
    const { get } = functions();
    const stat = (MetricName: string) => (
      { MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: [{ Name: 'FunctionName', Value: 'a' }] }, Stat: 'Sum', Period: 60 }, ReturnData: false }
    );
    expect(await get([{ Id: 'm1', ...stat('Errors') }, { Id: 'm2', ...stat('Invocations'), Label: 'calls' }, { Id: 'e1', Expression: '1 * METRICS()', Label: 'all' }]))
      .toEqual([['e1', 'all Errors', [1]], ['e1', 'all calls', [9]]]);
  });
});
