import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { ServiceError } from '../../contracts';
import type { S3Service } from '../../s3';

/** What a zip file may hold when it is unpacked: Lambda's own limit. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const UNPACKED_BYTES = 250 * 1024 * 1024;

/** The zip files that were uploaded to buckets of the simulation, unpacked into a temporary folder as soon as they are needed. */
export class UploadedAssets {
  private root: string | undefined;
  private readonly folders = new Map<string, string>();

  constructor(private readonly s3: S3Service, private readonly defaultBucket: string) {}

  /**
   * The folder that holds what the object's zip file holds.
   *
   * @returns undefined where there is no such object
   * @throws ServiceError `ValidationError` where the object is no zip file, is too large, or would leave its folder
   */
  folderOf(objectKey: string, bucket = this.defaultBucket): string | undefined {
    const object = this.s3.bucket(bucket)?.head(objectKey);
    if (object === undefined) return undefined;
    const identity = `${bucket}/${objectKey}/${object.eTag}`;
    const known = this.folders.get(identity);
    if (known !== undefined) return known;
    this.root ??= mkdtempSync(join(tmpdir(), 'cdk-messaging-assets-'));
    const folder = join(this.root, String(this.folders.size));
    unpack(object.body, folder, `${bucket}/${objectKey}`);
    this.folders.set(identity, folder);
    return folder;
  }

  /** Removes what was unpacked. */
  remove(): void {
    if (this.root !== undefined) rmSync(this.root, { recursive: true, force: true });
    this.root = undefined;
    this.folders.clear();
  }
}

function unpack(zip: Uint8Array, folder: string, name: string): void {
  let announced = 0;
  const files = readable(name, () => unzipSync(zip, {
    filter: ({ originalSize }) => {
      announced += originalSize;
      if (announced > UNPACKED_BYTES) throw refused(name, `must unpack to at most ${UNPACKED_BYTES} bytes`);
      return true;
    },
  }));
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    const target = resolve(folder, path);
    if (!target.startsWith(folder + sep) || path.includes('\\')) throw refused(name, `must not hold the path '${path}', which leaves its folder`);
    if (path.endsWith('/')) {
      mkdirSync(target, { recursive: true });
    } else {
      if (!existsSync(dirname(target))) mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  }
}

function readable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw refused(name, `must be a zip file that can be unpacked: ${(error as Error).message}`);
  }
}

const refused = (name: string, rule: string): ServiceError => new ServiceError('ValidationError', `the object '${name}' ${rule}`);
