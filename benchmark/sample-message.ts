/** The message that every client sends. */
export const body = JSON.stringify({ orderId: '1', note: 'x'.repeat(200) });

export const entries = Array.from({ length: 10 }, (_, index) => ({ Id: `m${index}`, MessageBody: body }));
