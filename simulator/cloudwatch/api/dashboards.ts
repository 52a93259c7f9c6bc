import type { CloudWatchService } from '..';
import type { Operation } from '../api';
import { Members } from '../members';
import { epochSeconds } from '../timestamp';
import { page } from './page';

const DASHBOARDS_A_PAGE = 1_000;

export function dashboardOperations({ dashboards, clock, place }: CloudWatchService): Record<string, Operation> {
  const arn = (name: string): string => `arn:${place.partition}:cloudwatch::${place.account}:dashboard/${name}`;

  return {
    PutDashboard(input) {
      const members = new Members(input);
      const name = members.required(members.text('DashboardName'), 'DashboardName');
      const body = members.required(members.text('DashboardBody'), 'DashboardBody');
      members.nothingElse();
      members.finish('InvalidParameterInput');
      dashboards.put(name, body, clock.now());
      return { DashboardValidationMessages: [] };
    },

    GetDashboard(input) {
      const members = new Members(input);
      const name = members.required(members.text('DashboardName'), 'DashboardName');
      members.nothingElse();
      members.finish('InvalidParameterValue');
      return { DashboardArn: arn(name), DashboardName: name, DashboardBody: dashboards.get(name).body };
    },

    ListDashboards(input) {
      const members = new Members(input);
      const prefix = members.text('DashboardNamePrefix') ?? '';
      const token = members.text('NextToken');
      members.nothingElse();
      members.finish('InvalidParameterValue');
      const { page: found, ...next } = page(dashboards.all().filter(({ name }) => name.startsWith(prefix)), DASHBOARDS_A_PAGE, token);
      return {
        DashboardEntries: found.map(({ name, body, lastModified }) => (
          { DashboardName: name, DashboardArn: arn(name), LastModified: epochSeconds(lastModified), Size: Buffer.byteLength(body) }
        )),
        ...next,
      };
    },

    DeleteDashboards(input) {
      const members = new Members(input);
      const names = members.texts('DashboardNames');
      members.nothingElse();
      members.finish('InvalidParameterValue');
      for (const name of names) dashboards.get(name); // all or none
      for (const name of names) dashboards.delete(name);
      return {};
    },
  };
}
