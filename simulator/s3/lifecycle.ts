import type { Clock, Timer } from '../clock';
import { validateLifecycle, type LifecycleConfiguration, type LifecycleRule, type Noncurrent, type When } from './lifecycle-rules';
import type { MultipartUploads } from './multipart-uploads';
import { STORAGE_CLASSES, type StorageClass, type StoredObject } from './stored-object';

const DAY = 86_400_000;

/** Bytes under which an object stays in its class, unless a rule names another size. */
const SMALL = 128 * 1024;

/** The bucket, as its lifecycle acts on it: nobody asks for it, so that no request is counted. */
export interface LifecycleTarget {
  readonly uploads: MultipartUploads;
  /** The versions of each key, the newest first. */
  histories(): readonly (readonly StoredObject[])[];
  /** Hides the newest version behind a delete marker, or deletes it where the bucket has no versions. */
  expire(object: StoredObject): void;
  deleteExpired(version: StoredObject): void;
  transition(version: StoredObject, storageClass: StorageClass): void;
}

/**
 * Expires, moves and tidies up what is in a bucket, once a day at midnight UTC: what has become due since the midnight before,
 * and with a new rule all that is due already.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export class Lifecycle {
  private configuration: LifecycleConfiguration | undefined;
  private timer: Timer | undefined;

  constructor(private readonly clock: Clock, private readonly target: LifecycleTarget) {}

  /** Replaces the rules; without them nothing happens any more. @throws ServiceError `InvalidArgument` for what S3 would refuse */
  configure(configuration: LifecycleConfiguration | undefined): void {
    if (configuration) validateLifecycle(configuration);
    this.configuration = configuration;
    this.timer?.cancel();
    this.timer = configuration && this.scheduleNext(this.clock.now());
  }

  private scheduleNext(after: number): Timer {
    const midnight = after - (after % DAY) + DAY;
    return this.clock.schedule(midnight - this.clock.now(), () => {
      this.timer = this.scheduleNext(Math.max(midnight, this.clock.now()));
      this.apply(midnight);
    });
  }

  private apply(now: number): void {
    const enabled = this.configuration!.rules.filter((rule) => rule.enabled);
    for (const history of this.target.histories()) {
      const remaining = this.tidyNoncurrent(history, enabled, now);
      this.treatCurrent(history[0], remaining, enabled, now);
    }
    for (const upload of this.target.uploads.all()) {
      const isDue = enabled.some(({ prefix, abortUploadsAfter }) => (
        abortUploadsAfter !== undefined && upload.key.startsWith(prefix) && upload.initiated + abortUploadsAfter * DAY <= now
      ));
      if (isDue) this.target.uploads.end(upload);
    }
  }

  /** @returns how many noncurrent versions are left */
  private tidyNoncurrent(history: readonly StoredObject[], enabled: readonly LifecycleRule[], now: number): number {
    let newer = 0;
    let remaining = 0;
    for (const [index, version] of history.entries()) {
      if (index === 0) continue;
      // A version is noncurrent since its successor came.
      const since = history[index - 1].lastModified;
      const isDue = ({ days, newerVersions = 0 }: Noncurrent): boolean => since + days * DAY <= now && newer >= newerVersions;
      const rules = enabled.filter((rule) => isFor(rule, version));
      const expires = rules.some(({ noncurrentExpiration }) => noncurrentExpiration && isDue(noncurrentExpiration));
      if (expires && (version.retainUntil ?? 0) <= now) {
        this.target.deleteExpired(version);
      } else {
        remaining++;
        if (!version.deleteMarker) this.move(version, rules, (rule) => rule.noncurrentTransitions.filter(isDue));
      }
      if (!version.deleteMarker) newer++;
    }
    return remaining;
  }

  private treatCurrent(current: StoredObject, noncurrent: number, enabled: readonly LifecycleRule[], now: number): void {
    const isDue = (when: When | undefined): boolean => (
      when !== undefined && ('date' in when ? when.date : current.lastModified + when.days * DAY) <= now
    );
    const rules = enabled.filter((rule) => isFor(rule, current));
    if (current.deleteMarker) {
      const expires = rules.some(({ expiredObjectDeleteMarker, expiration }) => expiredObjectDeleteMarker || isDue(expiration));
      if (noncurrent === 0 && expires) this.target.deleteExpired(current);
    } else if (rules.some(({ expiration }) => isDue(expiration))) {
      this.target.expire(current);
    } else {
      this.move(current, rules, ({ transitions }) => transitions.filter(({ when }) => isDue(when)));
    }
  }

  /** To the coldest class that is due, which costs least. */
  private move(
    version: StoredObject, rules: readonly LifecycleRule[], due: (rule: LifecycleRule) => readonly { readonly storageClass: StorageClass }[],
  ): void {
    const targets = rules.flatMap((rule) => due(rule).map(({ storageClass }) => storageClass).filter((storageClass) => (
      !this.isTooSmall(version, rule, storageClass) && mayMove(version.storageClass, storageClass)
    )));
    const coldest = [...STORAGE_CLASSES].reverse().find((storageClass) => targets.includes(storageClass));
    if (coldest !== undefined) this.target.transition(version, coldest);
  }

  private isTooSmall({ body }: StoredObject, { sizeGreaterThan, sizeLessThan }: LifecycleRule, storageClass: StorageClass): boolean {
    if (body.length >= SMALL || sizeGreaterThan !== undefined || sizeLessThan !== undefined) return false;
    return this.configuration!.smallObjects === 'all_storage_classes_128K' || !ARCHIVED.includes(storageClass);
  }
}

/** What has to be restored before it can be read. */
export const ARCHIVED: readonly StorageClass[] = ['GLACIER', 'DEEP_ARCHIVE'];

function isFor({ prefix, sizeGreaterThan = -1, sizeLessThan = Infinity }: LifecycleRule, { key, body }: StoredObject): boolean {
  return key.startsWith(prefix) && body.length > sizeGreaterThan && body.length < sizeLessThan;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
function mayMove(from: StorageClass, to: StorageClass): boolean {
  switch (from) {
    case 'STANDARD': return to !== 'STANDARD';
    case 'STANDARD_IA': return to !== 'STANDARD' && to !== 'STANDARD_IA';
    case 'INTELLIGENT_TIERING': return ['ONEZONE_IA', 'GLACIER_IR', ...ARCHIVED].includes(to);
    case 'ONEZONE_IA':
    case 'GLACIER_IR': return ARCHIVED.includes(to);
    case 'GLACIER': return to === 'DEEP_ARCHIVE';
    case 'DEEP_ARCHIVE': return false;
  }
}
