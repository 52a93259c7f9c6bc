/** The domains and their channels: who publishes together stays together, in one stack with one topic. */
const domains = ['Orders', 'Billing', 'Shipping', 'Returns', 'Catalogue', 'Stock', 'Customers', 'Partners', 'Reports', 'Search'];
const uses = ['Index', 'Mirror', 'Notify', 'Archive', 'Audit', 'Forecast', 'Invoice', 'Label', 'Score', 'Translate'];
const countries = ['Home', 'Abroad'];

export interface Domain {
  readonly name: string;
  readonly channels: readonly string[];
}

/** 10 domains with 20 channels each. */
export const twoHundredChannels: readonly Domain[] = domains.map((name) => ({
  name,
  channels: uses.flatMap((use) => countries.map((country) => `${use}${country}`)),
}));
