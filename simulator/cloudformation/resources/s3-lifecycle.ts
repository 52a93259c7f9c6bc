import type { LifecycleConfiguration, LifecycleRule, StorageClass, When } from '../../s3';
import type { Properties } from '../provider';

type Given = Readonly<Record<string, unknown>>;

/** What a rule may have; tags of objects are not modelled, nor is a filter by them. */
const members = [
  'AbortIncompleteMultipartUpload', 'ExpirationDate', 'ExpirationInDays', 'ExpiredObjectDeleteMarker', 'Id', 'NoncurrentVersionExpiration',
  'NoncurrentVersionExpirationInDays', 'NoncurrentVersionTransition', 'NoncurrentVersionTransitions', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan',
  'Prefix', 'Status', 'Transition', 'Transitions',
];

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-lifecycleconfiguration.html */
export function lifecycleOf(properties: Properties): LifecycleConfiguration | undefined {
  const given = properties.object('LifecycleConfiguration');
  if (given === undefined) return undefined;
  refuseOthers(given, ['Rules', 'TransitionDefaultMinimumObjectSize'], 'LifecycleConfiguration');
  const smallObjects = (given.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K') as LifecycleConfiguration['smallObjects'];
  if (smallObjects !== 'all_storage_classes_128K' && smallObjects !== 'varies_by_storage_class') {
    throw new Error(`'TransitionDefaultMinimumObjectSize' must be all_storage_classes_128K or varies_by_storage_class, got '${String(smallObjects)}'`);
  }
  return { rules: (given.Rules as Given[] ?? []).map(ruleOf), smallObjects };
}

function ruleOf(given: Given, index: number): LifecycleRule {
  refuseOthers(given, members, 'LifecycleConfiguration.Rules');
  const { Status: status } = given;
  if (status !== 'Enabled' && status !== 'Disabled') throw new Error(`'Status' of a lifecycle rule must be Enabled or Disabled, got '${String(status)}'`);
  const noncurrent = given.NoncurrentVersionExpiration as Given | undefined;
  const noncurrentDays = numberOf(noncurrent?.NoncurrentDays ?? given.NoncurrentVersionExpirationInDays);
  return {
    id: (given.Id as string | undefined) ?? `rule-${index + 1}`,
    enabled: status === 'Enabled',
    prefix: (given.Prefix as string | undefined) ?? '',
    sizeGreaterThan: numberOf(given.ObjectSizeGreaterThan),
    sizeLessThan: numberOf(given.ObjectSizeLessThan),
    expiration: whenOf(given.ExpirationInDays, given.ExpirationDate),
    expiredObjectDeleteMarker: String(given.ExpiredObjectDeleteMarker) === 'true',
    noncurrentExpiration: noncurrentDays === undefined ? undefined
      : { days: noncurrentDays, newerVersions: numberOf(noncurrent?.NewerNoncurrentVersions) },
    transitions: listOf(given, 'Transition').map((one) => {
      const when = whenOf(one.TransitionInDays, one.TransitionDate);
      if (!when) throw new Error("a transition must have 'TransitionInDays' or 'TransitionDate'");
      return { when, storageClass: classOf(one) };
    }),
    noncurrentTransitions: listOf(given, 'NoncurrentVersionTransition').map((one) => (
      { days: numberOf(one.TransitionInDays) ?? 0, newerVersions: numberOf(one.NewerNoncurrentVersions), storageClass: classOf(one) }
    )),
    abortUploadsAfter: numberOf((given.AbortIncompleteMultipartUpload as Given | undefined)?.DaysAfterInitiation),
  };
}

/** Given as one, as templates once had it, or as a list. */
function listOf(given: Given, name: string): Given[] {
  return [...given[name] ? [given[name] as Given] : [], ...given[`${name}s`] as Given[] | undefined ?? []];
}

/** Templates may still name it as they once did. */
function classOf({ StorageClass: given }: Given): StorageClass {
  return (given === 'Glacier' ? 'GLACIER' : given) as StorageClass;
}

function whenOf(days: unknown, date: unknown): When | undefined {
  if (days !== undefined && date !== undefined) throw new Error('a lifecycle action must not have both days and a date');
  if (days !== undefined) return { days: Number(days) };
  return date === undefined ? undefined : { date: Date.parse(date as string) };
}

function numberOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function refuseOthers(given: Given, known: readonly string[], of: string): void {
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other !== undefined) throw new Error(`'${other}' of '${of}' is not modelled`);
}
