import type { CloudWatchService } from '..';
import type { Operation } from '../api';
import { Members } from '../members';
import type { MuteRule, MuteRuleProperties } from '../mute-rules';
import { epochSeconds } from '../timestamp';
import { page } from './page';

const STATUSES = ['SCHEDULED', 'ACTIVE', 'EXPIRED'];

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html */
export function muteRuleOperations({ muteRules, clock }: CloudWatchService): Record<string, Operation> {
  const summary = (rule: MuteRule): Record<string, unknown> => ({
    AlarmMuteRuleArn: muteRules.arn(rule.name),
    ...(rule.expireDate !== undefined && { ExpireDate: epochSeconds(rule.expireDate) }),
    Status: rule.status(clock.now()),
    MuteType: rule.schedule.type,
    LastUpdatedTimestamp: epochSeconds(rule.updatedAt),
  });

  return {
    PutAlarmMuteRule(input) {
      muteRules.put(input as unknown as MuteRuleProperties);
      return {};
    },

    GetAlarmMuteRule(input) {
      const rule = muteRules.existing(nameIn(input));
      const { Name, Description, Rule, MuteTargets } = rule.given;
      return {
        Name, Description, Rule, MuteTargets,
        ...(rule.startDate !== undefined && { StartDate: epochSeconds(rule.startDate) }),
        ...summary(rule),
      };
    },

    ListAlarmMuteRules(input) {
      const members = new Members(input);
      const alarm = members.text('AlarmName', { atMost: 255 });
      const statuses = members.texts('Statuses');
      const size = members.number('MaxRecords', { least: 1, most: 100, whole: true }) ?? 50;
      const token = members.text('NextToken');
      for (const status of statuses) {
        if (!STATUSES.includes(status)) members.problem(`'Statuses' must be of ${STATUSES.join(', ')}, got '${status}'`);
      }
      members.nothingElse();
      members.finish();
      const found = muteRules.all().filter((rule) => (alarm === undefined || rule.targets.includes(alarm))
        && (statuses.length === 0 || statuses.includes(rule.status(clock.now()))));
      const { page: shown, ...next } = page(found, size, token);
      return { AlarmMuteRuleSummaries: shown.map(summary), ...next };
    },

    DeleteAlarmMuteRule(input) {
      muteRules.delete(nameIn(input));
      return {};
    },
  };
}

function nameIn(input: Record<string, unknown>): string {
  const members = new Members(input);
  const name = members.required(members.text('AlarmMuteRuleName', { atMost: 255 }), 'AlarmMuteRuleName');
  members.nothingElse();
  members.finish();
  return name;
}
