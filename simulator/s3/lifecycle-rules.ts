import { ServiceError } from '../contracts';
import { STORAGE_CLASSES, type StorageClass } from './stored-object';

/** After so many days of 24 hours, or from a date on, which is in milliseconds since the epoch. */
export type When = { readonly days: number } | { readonly date: number };

export interface Transition {
  readonly when: When;
  readonly storageClass: StorageClass;
}

/** What happens to versions when they have been noncurrent for `days`. */
export interface Noncurrent {
  readonly days: number;
  /** How many of the newest noncurrent versions are spared, 1 to 100. @default - none */
  readonly newerVersions?: number;
}

export interface LifecycleRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  /** Bytes. */
  readonly sizeGreaterThan?: number;
  readonly sizeLessThan?: number;
  readonly expiration?: When;
  /** Removes a delete marker as soon as it is all that is left of an object. */
  readonly expiredObjectDeleteMarker: boolean;
  readonly noncurrentExpiration?: Noncurrent;
  readonly transitions: readonly Transition[];
  readonly noncurrentTransitions: readonly (Noncurrent & { readonly storageClass: StorageClass })[];
  /** Days after which an unfinished upload is aborted. */
  readonly abortUploadsAfter?: number;
}

export interface LifecycleConfiguration {
  readonly rules: readonly LifecycleRule[];
  /** Which objects of less than 128 KB stay where they are; a rule with a size of its own decides by itself. */
  readonly smallObjects: 'all_storage_classes_128K' | 'varies_by_storage_class';
}

const MOST_RULES = 1_000;
const LONGEST_ID = 255;
const MOST_NEWER_VERSIONS = 100;

/** Days that an object is kept before it may go to a class for infrequent access. */
const LEAST_DAYS: Readonly<Partial<Record<StorageClass, number>>> = { STANDARD_IA: 30, ONEZONE_IA: 30 };

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 * @throws ServiceError `InvalidArgument` with everything that S3 would refuse
 */
export function validateLifecycle({ rules }: LifecycleConfiguration): void {
  const problems = rules.flatMap((rule) => problemsOf(rule).map((problem) => `rule '${rule.id}': ${problem}`));
  if (rules.length < 1 || rules.length > MOST_RULES) problems.push(`a lifecycle must have from 1 to ${MOST_RULES} rules, got ${rules.length}`);
  const ids = rules.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) problems.push(`the ID of a rule must be its own, got '${twice}' twice`);
  if (problems.length > 0) throw new ServiceError('InvalidArgument', problems.join('; '));
}

function problemsOf(rule: LifecycleRule): string[] {
  const { id, expiration, expiredObjectDeleteMarker, noncurrentExpiration, transitions, noncurrentTransitions, abortUploadsAfter } = rule;
  const problems: string[] = [];
  const days = (name: string, value: number | undefined, least = 1): void => {
    if (value !== undefined && !(Number.isInteger(value) && value >= least)) problems.push(`${name} must be a whole number from ${least}, got ${value}`);
  };
  if (id.length > LONGEST_ID) problems.push(`its ID must have at most ${LONGEST_ID} characters, got ${id.length}`);
  if (!expiration && !expiredObjectDeleteMarker && !noncurrentExpiration && abortUploadsAfter === undefined
    && transitions.length + noncurrentTransitions.length === 0) problems.push('it must have at least one action');
  if (expiration && expiredObjectDeleteMarker) problems.push('ExpiredObjectDeleteMarker must not be given beside an expiration in days or at a date');
  for (const when of [expiration, ...transitions.map((one) => one.when)]) {
    if (when && 'date' in when && !(when.date % 86_400_000 === 0)) problems.push('a date must be midnight UTC');
  }
  if (expiration && 'days' in expiration) days('the days of the expiration', expiration.days);
  days('the days until an upload is aborted', abortUploadsAfter);
  days('the days of the noncurrent expiration', noncurrentExpiration?.days);
  for (const { when, storageClass } of transitions) if ('days' in when) days(`the days until ${storageClass}`, when.days, LEAST_DAYS[storageClass] ?? 0);
  for (const one of noncurrentTransitions) days(`the noncurrent days until ${one.storageClass}`, one.days, LEAST_DAYS[one.storageClass] ?? 0);
  for (const { newerVersions } of [...noncurrentTransitions, ...noncurrentExpiration ? [noncurrentExpiration] : []]) {
    if (newerVersions !== undefined && !(Number.isInteger(newerVersions) && newerVersions >= 1 && newerVersions <= MOST_NEWER_VERSIONS)) {
      problems.push(`NewerNoncurrentVersions must be a whole number from 1 to ${MOST_NEWER_VERSIONS}, got ${newerVersions}`);
    }
  }
  for (const { storageClass } of [...transitions, ...noncurrentTransitions]) {
    if (storageClass === 'STANDARD' || !STORAGE_CLASSES.includes(storageClass)) {
      problems.push(`StorageClass must be one of ${STORAGE_CLASSES.slice(1).join(', ')}, got ${storageClass}`);
    }
  }
  const longest = Math.max(...transitions.map(({ when }) => ('days' in when ? when.days : -1)));
  if (expiration && 'days' in expiration && expiration.days <= longest) {
    problems.push(`the days of the expiration must be more than those of its transitions, got ${expiration.days} and ${longest}`);
  }
  return [...problems, ...sizeProblems(rule)];
}

function sizeProblems({ sizeGreaterThan, sizeLessThan }: LifecycleRule): string[] {
  if (sizeGreaterThan === undefined || sizeLessThan === undefined || sizeGreaterThan < sizeLessThan) return [];
  return [`ObjectSizeGreaterThan must be less than ObjectSizeLessThan, got ${sizeGreaterThan} and ${sizeLessThan}`];
}
