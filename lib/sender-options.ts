/**
 * Options of letting senders in that this app does not deploy.
 */
export interface SenderOptions {
  /**
   * Acknowledges that the policy of an imported customer key is changed outside this app and lets the senders encrypt. The error
   * without it has the statement word for word.
   *
   * @default false
   */
  readonly policiesManagedElsewhere?: boolean;
}
