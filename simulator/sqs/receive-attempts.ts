import { RecentlySeen } from './recently-seen';
import type { Message } from './message';

interface Attempt {
  readonly message: Message;
  readonly receives: number;
}

/** The receives of a FIFO queue by their attempt ID, so that one whose answer was lost can be repeated. */
export class ReceiveAttempts {
  private readonly attempts = new RecentlySeen<readonly Attempt[]>();

  /** The messages of that attempt, while every one of them is still in flight by it. */
  find(attemptId: string, now: number): Message[] | undefined {
    const attempt = this.attempts.find(attemptId, now);
    if (!attempt?.every(({ message, receives }) => message.state === 'inFlight' && message.receives === receives)) return undefined;
    return attempt.map(({ message }) => message);
  }

  remember(attemptId: string, now: number, messages: readonly Message[]): void {
    this.attempts.remember(attemptId, now, messages.map((message) => ({ message, receives: message.receives })));
  }
}
