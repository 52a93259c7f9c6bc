import type { Simulation } from '../../simulator';
import type { Output } from './print-report';

/** How to talk to the simulation with what the user has at hand. */
export function printConnection(simulation: Simulation, output: Output): void {
  const { endpoint } = simulation;
  output.write(`
Serving at ${endpoint}: account 000000000000, region us-east-1, any credentials.
Its clock goes on in real time from ${simulation.now.toISOString().slice(0, 19).replace('T', ' ')}.

  AWS CLI
    export AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any
    aws="aws --endpoint-url ${endpoint}"
    $aws sqs receive-message --queue-url ${simulation.queue('Billing/DeadLetterQueue').url}
    $aws sns publish --topic-arn ${simulation.topic('Orders').arn} \\
      --message '{"orderId":"1"}' \\
      --message-attributes '{"eventType":{"DataType":"String","StringValue":"OrderPlaced"}}'

  AWS SDK for JavaScript
    new SQSClient({
      endpoint: '${endpoint}', region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    })

Ctrl-C stops it.
`);
}
