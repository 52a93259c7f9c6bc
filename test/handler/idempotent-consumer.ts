// A consumer with Powertools' own idempotency as a user writes it, bundled by test/behaviour/idempotency.test.ts.
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { consumer, type ConsumerHandler, type FailureLogger, type Idempotency } from '../../handler';

export interface Order {
  readonly id: string;
  /** How often handling it fails. */
  readonly failures?: number;
  /** Milliseconds that handling it takes. */
  readonly duration?: number;
}

export interface Surroundings {
  readonly tableName: string;
  readonly clientConfig?: DynamoDBClientConfig;
  readonly log: (line: string) => void;
  readonly logger?: FailureLogger;
}

function parse(body: string): Order {
  const order = JSON.parse(body) as Order;
  if (typeof order.id !== 'string') throw new TypeError("'id' must be a text");
  return order;
}

/** An order counts as handled for 15 minutes. */
export function idempotentConsumer({ tableName, clientConfig, log, logger }: Surroundings): ConsumerHandler {
  const tries = new Map<string, number>();
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName, clientConfig });
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'id', throwOnNoIdempotencyKey: true, expiresAfterSeconds: 900 });
  const idempotency: Idempotency<Order> = {
    wrap: (handle) => makeIdempotent(handle, { persistenceStore, config, dataIndexArgument: 0 }),
    registerLambdaContext: (context) => { config.registerLambdaContext(context as never); },
  };
  const handle = async ({ id, failures = 0, duration = 0 }: Order): Promise<void> => {
    const tried = (tries.get(id) ?? 0) + 1;
    tries.set(id, tried);
    log(`began ${id}`);
    await new Promise((resolve) => { setTimeout(resolve, duration); });
    if (tried <= failures) throw new Error(`${id} failed`);
    log(`handled ${id}`);
  };
  return consumer({ parse, handle, idempotency, logger });
}

/** The first answer never arrives, as when an execution environment dies: Lambda delivers the whole batch again. */
export function losingTheFirstAnswer(inner: ConsumerHandler): ConsumerHandler {
  let answers = 0;
  return async (event, context) => {
    const answer = await inner(event, context);
    if (answers++ === 0) throw new Error('the answer is lost');
    return answer;
  };
}

const { IDEMPOTENCY_TABLE_NAME } = process.env;

/** In a function; a test makes its own in its process. */
const deployed = IDEMPOTENCY_TABLE_NAME === undefined ? undefined : idempotentConsumer({ tableName: IDEMPOTENCY_TABLE_NAME, log: console.log });

export const handler = deployed;

export const lossyHandler = deployed && losingTheFirstAnswer(deployed);
