/** What a service lets a pattern say. */
export interface Grammar {
  /** The operators of a rule. */
  readonly operators: readonly string[];
  /** The operators that `anything-but` may turn round. */
  readonly negatable: readonly string[];
  /** The operators that may hold `equals-ignore-case` in place of a text. */
  readonly ignoringCase: readonly string[];
  /** Whether `anything-but` takes truth values, and values of several types in one list. */
  readonly mixedExclusions: boolean;
  /** Whether `anything-but` takes a list of texts for an operator that it turns round. */
  readonly exclusionLists: boolean;
  /** The greatest number that `numeric` compares with, negative ones included. @default - any */
  readonly greatestNumber?: number;
  /** How many combinations the alternatives of all `$or` may have. @default - any */
  readonly mostCombinations?: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax */
export const lambdaFilters: Grammar = {
  operators: ['prefix', 'suffix', 'equals-ignore-case', 'exists', 'numeric', 'anything-but'],
  negatable: ['prefix', 'suffix', 'equals-ignore-case'],
  ignoringCase: [],
  mixedExclusions: true,
  exclusionLists: false,
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export const eventBridgeRules: Grammar = {
  operators: ['prefix', 'suffix', 'equals-ignore-case', 'exists', 'numeric', 'anything-but', 'wildcard', 'cidr'],
  negatable: ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'],
  ignoringCase: ['prefix', 'suffix'],
  mixedExclusions: false,
  exclusionLists: true,
  greatestNumber: 5e9,
  mostCombinations: 1000,
};
