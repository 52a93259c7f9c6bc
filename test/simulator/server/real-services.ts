import { CloudWatchService } from '../../../simulator/cloudwatch';
import { VirtualClock } from '../../../simulator/clock';
import type { Directory } from '../../../simulator/contracts';
import { Events } from '../../../simulator/events';
import { Random } from '../../../simulator/random';
import { S3Service } from '../../../simulator/s3';
import { SnsService } from '../../../simulator/sns';
import { SqsService } from '../../../simulator/sqs';
import { newPlace, serve, type Served } from './fixture';

export interface RealServices {
  readonly served: Served;
  readonly clock: VirtualClock;
  readonly sqs: SqsService;
}

/** The server before the services themselves. */
export async function serveReal(): Promise<RealServices> {
  const [clock, events, random, place] = [new VirtualClock(), new Events(), new Random(1), newPlace()];
  const directory: Directory = {
    queue: (arn) => sqs.queue(arn),
    function: () => undefined,
    hasTopic: (arn) => sns.topic(arn) !== undefined,
    publish: (arn, message, subject, caller) => { sns.publish(arn, { message, subject }, caller); },
  };
  const sqs = new SqsService(clock, events, random, place);
  const sns = new SnsService(clock, events, random, place, directory);
  const cloudwatch = new CloudWatchService(clock, events, random, place, directory);
  const s3 = new S3Service(clock, events, random, place, directory);
  const callerOf = () => ({ principal: place.account });
  return { served: await serve({ sqs, sns, cloudwatch, s3, callerOf }, place), clock, sqs };
}
