import { ServiceError } from '../contracts';
import type { Head, TextProtocol, TextReply } from './protocol';

/** Answers a request for what the simulator does not serve, in the shape that the asking client reads. */
export class Unserved implements TextProtocol {
  readonly bodyLimit = 64 * 1024;

  constructor(private readonly code: string, private readonly message: (head: Head) => string, private readonly status = 400) {}

  handle(head: Head): Promise<TextReply> {
    return Promise.reject(new ServiceError(this.code, this.message(head), this.status));
  }

  refuse(head: Head, error: ServiceError): TextReply {
    return {
      status: error.status,
      headers: {
        'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': head.requestId, 'X-Amzn-ErrorType': error.code,
      },
      body: JSON.stringify({ __type: error.code, message: error.message }),
    };
  }
}
