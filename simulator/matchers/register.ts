// Adds the matchers to the `expect` of Jest or Vitest: import 'cdk-messaging/simulator/matchers', or name it in `setupFilesAfterEnv`.
import { messagingMatchers, type MessagingMatchers } from '.';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- @types/jest is extended so
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- as it is declared there
    interface Matchers<R, T = {}> extends MessagingMatchers<R> {}
  }
}

const { expect: present } = globalThis as { expect?: { extend(matchers: object): void } };
if (present === undefined) {
  throw new Error("'cdk-messaging/simulator/matchers' is for Jest with its globals, or Vitest with 'globals: true': else call expect.extend(messagingMatchers)");
}
present.extend(messagingMatchers);
