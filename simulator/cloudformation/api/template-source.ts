import { ServiceError, type Place } from '../../contracts';
import type { S3Service } from '../../s3';
import type { Template } from '../template';

/** Bytes. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const limits = { body: 51_200, object: 1024 * 1024 };

export interface TemplateText {
  readonly text: string;
  readonly template: Template;
}

/** Reads the template that a request gives as `TemplateBody` or as `TemplateURL`, the address of an object in a bucket here. */
export class TemplateSource {
  constructor(private readonly s3: S3Service, private readonly place: Place) {}

  /**
   * @returns undefined where the request gives neither
   * @throws ServiceError `ValidationError`
   */
  read(input: Record<string, unknown>): TemplateText | undefined {
    const { TemplateBody: body, TemplateURL: url } = input as { TemplateBody?: string; TemplateURL?: string };
    if (body !== undefined && url !== undefined) throw invalid('You cannot specify both TemplateBody and TemplateURL');
    if (body !== undefined) return parse(body, limits.body, 'templateBody');
    return url === undefined ? undefined : parse(this.fetch(url), limits.object, 'the template at templateURL');
  }

  private fetch(url: string): string {
    const address = this.objectAt(url);
    if (address === undefined) throw invalid(`TemplateURL must be a supported URL: the address of an object in S3, got '${url}'`);
    const object = this.s3.bucket(address.bucket)?.get(address.key);
    if (object === undefined) throw invalid(`S3 error: The specified key does not exist: there is no object at '${url}' in the simulation`);
    return object.body.toString('utf8');
  }

  /** With the bucket in the path (of S3's host or of the simulator's own) or before S3's host. */
  private objectAt(url: string): { bucket: string; key: string } | undefined {
    if (!URL.canParse(url)) return undefined;
    const { origin, hostname, pathname } = new URL(url);
    const path = decodeURIComponent(pathname.slice(1));
    const hosted = /^(?:(.+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?$/.exec(hostname);
    if (hosted === null && origin !== this.place.endpoint) return undefined;
    if (hosted?.[1] !== undefined) return { bucket: hosted[1], key: path };
    const slash = path.indexOf('/');
    return slash < 1 ? undefined : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
  }
}

function parse(text: string, limit: number, what: string): TemplateText {
  const bytes = Buffer.byteLength(text);
  if (bytes < 1 || bytes > limit) throw invalid(`1 validation error detected: ${what} must be from 1 to ${limit} bytes, got ${bytes}`);
  const template = readTemplate(text);
  if (typeof template !== 'object' || template === null || Array.isArray(template)) {
    throw invalid('Template format error: unsupported structure.');
  }
  const { Resources } = template as Template;
  if (typeof Resources !== 'object' || Resources === null || Object.keys(Resources).length === 0) {
    throw invalid('Template format error: At least one Resources member must be defined.');
  }
  return { text, template };
}

function readTemplate(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`Template format error: JSON not well-formed, and the simulator reads no YAML (${(error as Error).message})`);
  }
}

const invalid = (message: string): ServiceError => new ServiceError('ValidationError', message);
