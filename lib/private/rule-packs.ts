import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The rule packs of cdk-nag for NIST 800-53 R5 and PCI DSS: what both ask for has one name in both. */
const packs = ['NIST.800.53.R5', 'PCI.DSS.321'];

/** Acknowledges findings under a construct, by the name of their rule, each with its reason. */
export function acknowledgeRules(construct: IConstruct, reasons: { readonly [rule: string]: string | undefined }): void {
  const acknowledgments = Object.entries(reasons).flatMap(([rule, reason]) => (
    reason === undefined ? [] : packs.map((pack) => ({ id: `${pack}::${pack}-${rule}`, reason }))));
  Validations.of(construct).acknowledge(...acknowledgments);
}
