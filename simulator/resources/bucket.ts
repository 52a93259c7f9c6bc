import type { Bucket } from '../s3';
import { SimulatedResource, type Surroundings } from './resource';

/** A bucket of the simulation. */
export class SimulatedBucket extends SimulatedResource {
  readonly kind = 'bucket';

  constructor(path: string, private readonly bucket: Bucket, simulation: Surroundings) {
    super(path, simulation);
  }

  get name(): string {
    return this.bucket.name;
  }

  /** The newest version of every object, by key. */
  get objects(): readonly { readonly key: string; readonly body: Buffer; readonly storageClass: string }[] {
    return this.bucket.objects();
  }

  put(key: string, body: Buffer | string): void {
    const bytes = Buffer.from(body);
    this.bucket.requests.put(key, bytes, () => this.bucket.put(key, bytes));
  }
}
