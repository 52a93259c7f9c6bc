/** A page of AWS's documentation. */
export type AwsPage = `https://docs.aws.amazon.com/${string}`;

/**
 * Groups tests that each state, as a sentence, a behaviour which a page of AWS's documentation describes: a report of the
 * suite then names the source of every sentence.
 */
export function documented(topic: string, page: AwsPage, tests: () => void): void {
  describe(`${topic} (${page})`, tests);
}
