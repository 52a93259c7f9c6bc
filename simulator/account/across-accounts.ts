import { parseArn } from '../arn';
import type { ServiceApi } from '../contracts';

/** The account that a request to SQS or SNS is about, where it names one by a queue URL, an owner or an ARN. */
function accountIn(input: Record<string, unknown>): string | undefined {
  const { QueueUrl, QueueOwnerAWSAccountId, TopicArn, TargetArn, SubscriptionArn, ResourceArn, SourceArn } = input;
  const inUrl = typeof QueueUrl === 'string' ? /\/(\d{12})\/[^/]*$/.exec(QueueUrl)?.[1] : undefined;
  const arn = [TopicArn, TargetArn, SubscriptionArn, ResourceArn, SourceArn].find((value) => typeof value === 'string');
  const account = inUrl ?? QueueOwnerAWSAccountId ?? (arn === undefined ? undefined : parseArn(arn).account);
  return typeof account === 'string' && account !== '' ? account : undefined;
}

/**
 * The API of a service with other accounts' resources within reach, of which their policies decide.
 *
 * @param own of the account that is asked
 * @param of the one of an account in the same region; undefined where the simulation has none such
 */
export function acrossAccounts(own: ServiceApi, of: (account: string) => ServiceApi | undefined): ServiceApi {
  const target = (input: Record<string, unknown>): ServiceApi => {
    const account = accountIn(input);
    return (account === undefined ? undefined : of(account)) ?? own;
  };
  return {
    call: (operation, input, caller) => target(input).call(operation, input, caller),
    callNow: (operation, input, caller) => {
      const api = target(input);
      return api.callNow ? api.callNow(operation, input, caller) : api.call(operation, input, caller);
    },
  };
}
