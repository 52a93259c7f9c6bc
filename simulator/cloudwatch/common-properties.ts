import type { CommonAlarmProperties } from './alarm';
import type { Members } from './members';

const ACTIONS_A_STATE = 5;

/** Reads the members that all alarms share. */
export function readCommonProperties(members: Members): CommonAlarmProperties {
  return {
    AlarmName: members.required(members.text('AlarmName', { atMost: 255 }), 'AlarmName'),
    AlarmDescription: members.text('AlarmDescription', { atLeast: 0, atMost: 1024 }),
    ActionsEnabled: members.boolean('ActionsEnabled') ?? true,
    AlarmActions: readActions(members, 'AlarmActions'),
    OKActions: readActions(members, 'OKActions'),
    InsufficientDataActions: readActions(members, 'InsufficientDataActions'),
    Tags: members.list('Tags').map((tag) => {
      const read = { Key: tag.required(tag.text('Key'), 'Key'), Value: tag.text('Value', { atLeast: 0 }) ?? '' };
      tag.nothingElse();
      return read;
    }),
  };
}

function readActions(members: Members, name: string): string[] {
  const actions = members.texts(name, ACTIONS_A_STATE);
  for (const action of actions) {
    if (!/^arn:[^:]+:(sns|lambda):/.test(action)) {
      const rule = 'must be ARNs of SNS topics or Lambda functions (no other action is modelled by the simulator)';
      members.problem(`'${name}' ${rule}, got '${action}'`);
    }
  }
  return actions;
}
