import type { Clock } from '../clock';
import type { ReceivedMessage } from '../contracts';
import { queueDoesNotExist } from './errors';
import type { Queue } from './queue';
import type { ReceiveOptions } from './queue-views';

/** Receives as soon as there is a message, or nothing once `waitSeconds` are over. */
export function longPoll(clock: Clock, queue: Queue, maximum: number, waitSeconds: number, options: ReceiveOptions): Promise<ReceivedMessage[]> {
  return new Promise((resolve, reject) => {
    const settle = (receive: () => ReceivedMessage[]): void => {
      try {
        resolve(receive());
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const first = queue.poll(maximum, options);
    if (first.length > 0) {
      resolve(first);
      return;
    }
    const timeout = clock.schedule(waitSeconds * 1000, () => {
      waiter.cancel();
      settle(() => queue.receive(maximum, options));
    });
    const waiter = queue.whenReceivable(() => {
      timeout.cancel();
      settle(() => queue.receive(maximum, options));
    }, () => {
      timeout.cancel();
      reject(queueDoesNotExist());
    });
  });
}
