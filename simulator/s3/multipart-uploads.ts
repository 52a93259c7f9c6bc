import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import { ServiceError } from '../contracts';
import type { Random } from '../random';
import type { PutOptions } from './stored-object';

export interface UploadedPart {
  readonly body: Buffer;
  readonly md5: Buffer;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** An object that is uploaded in parts, and is none yet. */
export interface MultipartUpload {
  readonly id: string;
  readonly key: string;
  readonly options: PutOptions;
  /** Milliseconds since the epoch. */
  readonly initiated: number;
  /** By number. */
  readonly parts: ReadonlyMap<number, UploadedPart>;
}

/** Bytes of one object: objects are held in memory, where S3 takes up to 50 TB. */
const LARGEST_OBJECT = 1024 * 1024 * 1024;

/** The uploads of a bucket that are neither completed nor aborted. */
export class MultipartUploads {
  private readonly byId = new Map<string, MultipartUpload & { readonly parts: Map<number, UploadedPart> }>();

  constructor(private readonly clock: Clock, private readonly random: Random) {}

  all(): MultipartUpload[] {
    return [...this.byId.values()];
  }

  initiate(key: string, options: PutOptions): MultipartUpload {
    const id = Buffer.from(this.random.hex(48), 'hex').toString('base64url');
    const upload = { id, key, options, initiated: this.clock.now(), parts: new Map<number, UploadedPart>() };
    this.byId.set(id, upload);
    return upload;
  }

  /** @throws ServiceError `NoSuchUpload` (404) for one that was completed or aborted, or is of another key */
  existing(id: string, key: string): MultipartUpload {
    return this.find(id, key);
  }

  /** Adds a part, or replaces the one of that number. @throws ServiceError as `existing`, and `EntityTooLarge` */
  addPart(id: string, key: string, number: number, body: Buffer): UploadedPart {
    const { parts } = this.find(id, key);
    let size = body.length;
    for (const [other, part] of parts) if (other !== number) size += part.body.length;
    if (size > LARGEST_OBJECT) {
      throw new ServiceError('EntityTooLarge', `An object must be at most ${LARGEST_OBJECT} bytes in the simulator, got ${size}`);
    }
    const part = { body, md5: createHash('md5').update(body).digest(), lastModified: this.clock.now() };
    parts.set(number, part);
    return part;
  }

  /** It is completed or aborted: its parts are gone. */
  end({ id }: MultipartUpload): void {
    this.byId.delete(id);
  }

  private find(id: string, key: string): MultipartUpload & { readonly parts: Map<number, UploadedPart> } {
    const upload = this.byId.get(id);
    if (upload === undefined || upload.key !== key) {
      throw new ServiceError('NoSuchUpload', 'The specified upload does not exist: it may have been aborted or completed', 404);
    }
    return upload;
  }
}
