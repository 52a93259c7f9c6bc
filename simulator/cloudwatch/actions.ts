import type { Directory, Place } from '../contracts';
import type { Random } from '../random';
import type { ActionResult, Alarm, AlarmTransition } from './alarm';
import { lambdaEvent, message, stateChange, subject, type PreviousState } from './notification';

/** Runs the actions of alarms and notes in their history what becomes of them. */
export class AlarmActions {
  constructor(
    private readonly random: Random, private readonly place: Place, private readonly directory: Directory,
  ) {}

  run(alarm: Alarm, transition: AlarmTransition, previous: PreviousState): void {
    if (!alarm.actionsEnabled) return;
    for (const action of alarm.actionsFor(transition.to)) {
      const result: ActionResult = { action, status: 'failed' };
      transition.actions.push(result);
      if (action.split(':')[2] === 'sns') this.publish(alarm, transition, result);
      else this.invoke(alarm, transition, previous, result);
    }
  }

  /** Tells EventBridge of every change, whether or not the alarm's actions run. */
  announce(alarm: Alarm, transition: AlarmTransition, previous: PreviousState): void {
    this.directory.putServiceEvent?.('aws.cloudwatch', () => ({
      detailType: 'CloudWatch Alarm State Change', resources: [alarm.arn],
      detail: stateChange(alarm, transition, previous, () => this.random.uuid()),
    }));
  }

  private publish(alarm: Alarm, transition: AlarmTransition, result: ActionResult): void {
    const caller = { principal: 'cloudwatch.amazonaws.com', sourceArn: alarm.arn };
    try {
      const json = message(alarm, transition, this.place);
      this.directory.publish(result.action, json, subject(alarm, transition, this.place), caller);
      result.status = 'succeeded';
    } catch (error) {
      fail(result, error);
    }
  }

  private invoke(alarm: Alarm, transition: AlarmTransition, previous: PreviousState, result: ActionResult): void {
    const invoked = this.directory.function(result.action);
    if (!invoked) {
      fail(result, new Error(`there is no function ${result.action}`));
      return;
    }
    if (!invoked.invokeAsync) {
      fail(result, new Error(`the function ${result.action} takes no events`));
      return;
    }
    const event = lambdaEvent(alarm, transition, previous, this.place, () => this.random.uuid());
    const caller = { principal: 'lambda.alarms.cloudwatch.amazonaws.com', sourceArn: alarm.arn };
    // CloudWatch has acted as soon as Lambda has the event; Lambda invokes the function, and retries it.
    try {
      invoked.invokeAsync(event, caller);
      result.status = 'succeeded';
    } catch (error) {
      fail(result, error);
    }
  }
}

function fail(result: ActionResult, error: unknown): void {
  result.status = 'failed';
  result.error = error instanceof Error ? error.message : String(error);
}
