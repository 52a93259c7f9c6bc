/** A word of a name: letters in camel case begin a new one, and so do digits. */
const WORD = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\d+/gu;
const DELIMITERS = /[^\p{L}\d]+/u;

const wordsOf = (text: string): string[] => text.match(WORD) ?? [];
const whole = (text: string): string => wordsOf(text).join('').toLowerCase();

/**
 * Whether a name has the words of a search term, next to each other. Where the term stands for several words without a sign between
 * them, it must be written as the name is.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function partialMatch(term: string): (name: string) => boolean {
  const wanted = term.split(DELIMITERS).flatMap((part) => {
    const words = wordsOf(part);
    return words.map((word) => ({ word, exact: words.length > 1 }));
  });
  const complete = whole(term);
  const same = ({ word, exact }: { word: string; exact: boolean }, actual: string | undefined): boolean => (
    exact ? word === actual : word.toLowerCase() === actual?.toLowerCase()
  );
  return (name) => {
    const words = wordsOf(name);
    return complete === whole(name) || words.some((_, start) => wanted.every((each, index) => same(each, words[start + index])));
  };
}
