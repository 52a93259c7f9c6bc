import { documented } from '../../documented';
import { START, refusal, world } from '../fixture';

const seconds = START / 1000;

documented('dashboards', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html', () => {
  test('are kept, listed and deleted', async () => {
    const { call } = world();
    const DashboardBody = '{"widgets":[]}';
    await call('PutDashboard', { DashboardName: 'Messaging', DashboardBody });
    expect(await call('GetDashboard', { DashboardName: 'Messaging' })).toEqual(
      { DashboardName: 'Messaging', DashboardBody, DashboardArn: 'arn:aws:cloudwatch::123456789012:dashboard/Messaging' });
    expect((await call('ListDashboards', { DashboardNamePrefix: 'M' })).DashboardEntries).toEqual([
      { DashboardName: 'Messaging', DashboardArn: 'arn:aws:cloudwatch::123456789012:dashboard/Messaging', LastModified: seconds, Size: 14 },
    ]);
    expect((await call('ListDashboards', { DashboardNamePrefix: 'X' })).DashboardEntries).toEqual([]);
    await expect(call('DeleteDashboards', { DashboardNames: ['Messaging', 'Other'] })).rejects.toThrow('there is no dashboard Other');
    await call('DeleteDashboards', { DashboardNames: ['Messaging'] });
    await expect(call('GetDashboard', { DashboardName: 'Messaging' })).rejects.toThrow(refusal('ResourceNotFound'));
  });

  test.each([
    ['a b', '{"widgets":[]}', "'DashboardName' must have from 1 to 255 letters"], ['a', 'no', "'DashboardBody' must be JSON"],
    ['a', '{}', "'DashboardBody' must have a list of 'widgets'"], ['a', 'null', "'DashboardBody' must have a list of 'widgets'"],
  ])('are refused with the name %s and the body %s', async (DashboardName, DashboardBody, message) => {
    const { call } = world();
    await expect(call('PutDashboard', { DashboardName, DashboardBody })).rejects.toThrow(refusal('InvalidParameterInput', message));
  });
});

test.each(['PutAnomalyDetector', 'toString'])('the operation %s is refused by name', async (operation) => {
  const { call } = world();
  await expect(call(operation)).rejects.toThrow(refusal('InvalidAction', `the operation '${operation}' of CloudWatch is not modelled by the simulator`));
});
