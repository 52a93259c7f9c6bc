import type { CostTagsProps } from '../cost-tags';
import { must, type Rule, textLike, textWithin } from './validation';

/** @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const ALLOWED = /^[\p{L}\p{N}\p{Z}+\-=._:/@]*$/u;
const ALLOWED_WORDING = 'have only letters, digits, spaces and + - = . _ : / @';
const RESERVED = /^(?!aws:)/i;

/** A resource can have 50 tags. */
const MOST_TAGS = 50;

/** What must hold for the values of cost tags, and for the keys of additional ones. */
export function costTagRules({ additionalTags = {}, ...named }: CostTagsProps): Rule[] {
  const additional = Object.entries(additionalTags);
  const keys = ['application', 'environment', 'owner', 'cost-center', ...Object.keys(additionalTags)].map((key) => key.toLowerCase());
  return [
    ...Object.entries(named).flatMap(([name, value]) => text(name, value, 256)),
    ...additional.flatMap(([key, value]) => [
      ...text('additionalTags', key, 128),
      ...text(`additionalTags.${key}`, value, 256),
      must(keys.indexOf(key.toLowerCase()) === keys.lastIndexOf(key.toLowerCase()),
        `'additionalTags' must have keys that differ in more than case from each other and from the four named tags, got '${key}': `
        + 'IAM refuses such tags'),
    ]),
    must(additional.length + 4 <= MOST_TAGS, `'additionalTags' must have at most ${MOST_TAGS - 4} tags, got ${additional.length}`),
  ];
}

function text(name: string, value: string, longest: number): Rule[] {
  return [
    textWithin(name, value, 1, longest),
    textLike(name, value, ALLOWED, ALLOWED_WORDING),
    textLike(name, value, RESERVED, "not begin with 'aws:', which AWS reserves"),
  ];
}
