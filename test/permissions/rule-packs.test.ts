import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { ConsumerFunction, MessageArchive, OrderMessagingStack, RulePackDecisions, type RulePackDecisionsProps } from '../../lib';
import { functionIn, newApp, newStack } from '../lib/set-up';
import { costTags, referenceStack } from '../reference/set-up';
import { EveryOptionStack } from './every-option-stack';
import { code, EncryptedFifoStack } from './encrypted-fifo-stack';

interface Violation {
  readonly ruleName: string;
  readonly reason?: string;
  readonly violatingConstructs: { readonly constructPath: string }[];
}

interface Report {
  readonly pluginReports: { readonly pluginName: string; readonly violations: Violation[]; readonly suppressedViolations?: Violation[] }[];
}

/** What the three packs say of an app: the names of the rules that it breaks without a reason, and the reasons that it gives. */
function report(app: App): { unexplained: string[]; reasons: string[]; at: string[] } {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(), new NIST80053R5Checks(), new PCIDSS321Checks());
  try {
    app.synth();
  } catch (error) {
    // the report is written all the same, and has more than the message
    if (!String(error).includes('Acknowledge with')) throw error;
  }
  const { pluginReports } = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
  const packs = pluginReports.filter(({ pluginName }) => ['AwsSolutions', 'NIST.800.53.R5', 'PCI.DSS.321'].includes(pluginName));
  expect(packs).toHaveLength(3);
  const violations = packs.flatMap((pack) => pack.violations);
  return {
    unexplained: [...new Set(violations.map(({ ruleName }) => ruleName))].sort(),
    reasons: packs.flatMap(({ suppressedViolations = [] }) => suppressedViolations.map(({ reason }) => reason ?? '')),
    at: violations.flatMap(({ violatingConstructs }) => violatingConstructs.map(({ constructPath }) => constructPath)),
  };
}

const decisions: Required<RulePackDecisionsProps> = {
  functionsOutsideVpc: 'The functions call AWS services only, with TLS and their own roles',
  logGroupsWithoutCustomerKey: 'Logs have no message bodies, and CloudWatch Logs encrypts them',
  topicsWithoutCustomerKey: 'SNS encrypts what it stores',
  bucketsWithoutCustomerKey: 'S3 encrypts what it stores',
  bucketsWithoutReplication: 'The topics and queues are of one region, too',
  bucketsWithoutVersions: 'Only buckets of access logs have none, in which nothing is overwritten',
  inlinePolicies: 'The grants of aws-cdk-lib name the resources of one role, and go with it',
};

const stacks: [string, () => Stack][] = [
  ['the reference stack', () => new OrderMessagingStack(new App({ context: contextOf(referenceStack()) }), 'OrderMessaging', { costTags })],
  ['one customer key and FIFO throughout', () => {
    const stack = new EncryptedFifoStack(newApp(), 'Encrypted');
    new RulePackDecisions(stack, 'Decisions', decisions);
    return stack;
  }],
  ['every optional construct turned on', () => {
    const stack = new EveryOptionStack(newApp(), 'Everything');
    new RulePackDecisions(stack, 'Decisions', decisions);
    return stack;
  }],
];

function contextOf(stack: Stack): Record<string, unknown> {
  return stack.node.root.node.getAllContext() as Record<string, unknown>;
}

test.each(stacks)('nothing is unexplained once whoever deploys has decided: %s', (_which, make) => {
  const stack = make();
  const { unexplained, reasons } = report(stack.node.root as App);
  expect(unexplained).toEqual([]);
  expect(reasons.length).toBeGreaterThan(20);
  for (const reason of reasons) expect(reason).toMatch(/^[A-Z].{10,}/);
});

test('without decisions, only what asks for one is reported: with one customer key and FIFO throughout', () => {
  const nistAndPci = (...rules: string[]): string[] => ['NIST.800.53.R5', 'PCI.DSS.321'].flatMap((pack) => rules.map((rule) => `${pack}-${rule}`));
  expect(report(new EncryptedFifoStack(newApp(), 'Encrypted').node.root as App).unexplained).toEqual(nistAndPci(
    'CloudWatchLogGroupEncrypted', 'IAMNoInlinePolicy', 'LambdaInsideVPC', 'S3BucketReplicationEnabled', 'S3BucketVersioningEnabled',
    'S3DefaultEncryptionKMS',
  ));
});

test('a decision holds under its scope only, and for its own rule only', () => {
  const stack = newStack();
  const archive = new MessageArchive(stack, 'Archive', { handlerCode: code });
  new RulePackDecisions(archive, 'Decisions', { functionsOutsideVpc: 'It calls S3 only' });
  new ConsumerFunction(stack, 'Function', { code });
  const { at, unexplained } = report(stack.node.root as App);
  expect(unexplained).toContain('NIST.800.53.R5-LambdaInsideVPC');
  expect(at).toContain('Test/Function/Resource/Resource');
  expect(at).not.toContain('Test/Archive/Archiver/Resource/Resource');
  expect(unexplained).toContain('NIST.800.53.R5-CloudWatchLogGroupEncrypted');
});

test('a function and the access logs of an archive explain what is so by design; others do not', () => {
  const own = newStack();
  new MessageArchive(own, 'Archive', { handlerCode: code });
  new RulePackDecisions(own, 'Decisions', {
    ...decisions, bucketsWithoutVersions: undefined, bucketsWithoutCustomerKey: undefined, inlinePolicies: undefined,
  });
  const { unexplained, at } = report(own.node.root as App);
  expect(unexplained).toEqual(['NIST.800.53.R5-S3DefaultEncryptionKMS', 'PCI.DSS.321-S3DefaultEncryptionKMS']);
  expect(new Set(at)).toEqual(new Set(['Test/Archive/Resource/Resource']));

  const other = newStack();
  functionIn(other);
  new s3.Bucket(other, 'Bucket');
  expect(report(other.node.root as App).unexplained).toEqual(expect.arrayContaining([
    'NIST.800.53.R5-LambdaDLQ', 'NIST.800.53.R5-LambdaConcurrency', 'PCI.DSS.321-S3BucketVersioningEnabled',
  ]));
});

test('fails when reasons are empty, with all of them', () => {
  expect(() => new RulePackDecisions(newStack(), 'Decisions', { functionsOutsideVpc: '', inlinePolicies: '' })).toThrow(
    "Test/Decisions: 2 rules do not hold:\n  - 'functionsOutsideVpc' must have from 1 to 1000 characters, got 0\n  - 'inlinePolicies'",
  );
});
