import { Lazy, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** The event source mappings and the functions of an app. */
interface Consumption {
  readonly mappings: readonly lambda.CfnEventSourceMapping[];
  readonly functions: readonly lambda.FunctionBase[];
}

/** What was found in an app, with the last token that existed then. */
interface Index {
  readonly found: Consumption;
  readonly token: number;
}

const indexes = new WeakMap<IConstruct, Index>();

/**
 * What of an app consumes, or did before it was removed: see `isUnder`. Synthesis asks for it several times for each queue, and a walk
 * through the whole app each time takes most of the synthesis of a large one. An app tells nobody that it changed, but every resource
 * makes a token for its logical ID: without a new token since the last walk, there is no new resource.
 */
export function consumptionOf(root: IConstruct): Consumption {
  const token = newToken();
  const index = indexes.get(root);
  const found = index?.token === token - 1 ? index.found : search(root);
  indexes.set(root, { found, token });
  return found;
}

/** The number of a token that is made here; tokens are counted up. Not a number, which equals nothing, where a token's text has none. */
function newToken(): number {
  return Number(/\.(\d+)\]/.exec(Token.asString(Lazy.any({ produce: () => undefined })))?.[1]);
}

function search(root: IConstruct): Consumption {
  const all = root.node.findAll();
  return {
    mappings: all.filter((construct) => construct instanceof lambda.CfnEventSourceMapping),
    functions: all.filter((construct) => construct instanceof lambda.FunctionBase),
  };
}

/** Whether a construct that was found under the root is still there: it may have been removed, or what it is inside of. */
export function isUnder(root: IConstruct, construct: IConstruct): boolean {
  if (construct === root) return true;
  const { id } = construct.node;
  const scope = construct.node.scope!;
  return scope.node.tryFindChild(id) === construct && isUnder(root, scope);
}
