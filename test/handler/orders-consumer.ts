// A consumer as a user writes one, bundled by test/behaviour/consumer.test.ts.
import { consumer, type ConsumerHandler, type Idempotency } from '../../handler';

interface Order {
  readonly id: string;
  /** How often handling it fails. */
  readonly failures: number;
}

const tries = new Map<string, number>();
const done = new Set<string>();

/** Stands in for a store that outlives the execution environment. */
const once: Idempotency<Order> = {
  wrap: (handle) => async (order, record) => {
    if (done.has(order.id)) return;
    await handle(order, record);
    done.add(order.id);
  },
};

function parse(body: string): Order {
  const order = JSON.parse(body) as Order;
  if (typeof order.id !== 'string') throw new TypeError("'id' must be a text");
  return order;
}

async function handle({ id, failures }: Order): Promise<void> {
  const tried = (tries.get(id) ?? 0) + 1;
  tries.set(id, tried);
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  if (tried <= failures) throw new Error(`${id} failed`);
  console.log(`handled ${id}`);
}

export const handler = consumer({ parse, handle });

const idempotentHandler = consumer({ parse, handle, idempotency: once });

/** The first answer never arrives, as when an execution environment dies: Lambda delivers the whole batch again. */
function losingTheFirstAnswer(inner: ConsumerHandler): ConsumerHandler {
  let answers = 0;
  return async (event, context) => {
    const answer = await inner(event, context);
    if (answers++ === 0) throw new Error('the answer is lost');
    return answer;
  };
}

export const lossyHandler = losingTheFirstAnswer(handler);

export const lossyIdempotentHandler = losingTheFirstAnswer(idempotentHandler);
