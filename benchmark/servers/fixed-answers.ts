import { hash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { body, entries } from '../sample-message';

const messageId = '3f2f8f2e-9f0c-4b0c-8a53-2b8c5a3c9d11';
const digest = hash('md5', body);
const endOfHead = Buffer.from('\r\n\r\n');
const contentLength = 'Content-Length: ';

const message = { MessageId: messageId, ReceiptHandle: 'A'.repeat(60), MD5OfBody: digest, Body: body };
const sent = { MessageId: messageId, MD5OfMessageBody: digest };
/** What each operation is answered, by a part of the request that no other has. */
const answers: [request: string, answer: Buffer][] = [
  ['AmazonSQS.SendMessageBatch', answer({ Successful: entries.map(({ Id }) => ({ Id, ...sent })), Failed: [] })],
  ['AmazonSQS.SendMessage', answer(sent)],
  ['"MaxNumberOfMessages":10', answer({ Messages: entries.map(() => message) })],
  ['AmazonSQS.ReceiveMessage', answer({ Messages: [message] })],
  ['AmazonSQS.DeleteMessageBatch', answer({ Successful: entries.map(({ Id }) => ({ Id })), Failed: [] })],
  ['AmazonSQS.DeleteMessage', answer({})],
];

function answer(output: object): Buffer {
  const text = JSON.stringify(output);
  return Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n'
    + `x-amzn-RequestId: ${messageId}\r\n${contentLength}${text.length}\r\nConnection: keep-alive\r\n\r\n${text}`);
}

/**
 * Finds where requests end and answers each with bytes that stand ready, wherever its queue is and whatever it says: what no
 * server of this client can be faster than.
 */
function serve(socket: Socket): void {
  let received: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true).on('error', () => socket.destroy()).on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const ready: Buffer[] = [];
    for (let end = received.indexOf(endOfHead); end >= 0; end = received.indexOf(endOfHead)) {
      const head = received.toString('latin1', 0, end);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      const after = end + endOfHead.length + length;
      if (after > received.length) break;
      const request = received.toString('latin1', 0, after);
      const [, fixed] = answers.find(([part]) => request.includes(part)) ?? [, answer({ QueueUrl: 'http://127.0.0.1/000000000000/orders' })];
      ready.push(fixed);
      received = received.subarray(after);
    }
    if (ready.length > 0) socket.write(ready.length === 1 ? ready[0] : Buffer.concat(ready));
  });
}

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  process.on('message', () => { process.send!(process.cpuUsage()); });
  process.on('disconnect', () => process.exit());
  process.send!((server.address() as AddressInfo).port);
});
