import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { MessageArchive, type MessageArchiveProps } from '../../lib';
import { newStack } from './set-up';

export const handlerCode = lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });');

export function archiveIn(stack: Stack, props: MessageArchiveProps = {}): MessageArchive {
  return new MessageArchive(stack, 'Archive', { handlerCode, ...props });
}

export function templateWith(props: MessageArchiveProps = {}): Template {
  const stack = newStack();
  archiveIn(stack, props);
  return Template.fromStack(stack);
}

/** The one resource whose logical ID begins so. */
export function resource(template: Template, type: string, idBegins: string): { id: string; Properties: Record<string, unknown> } {
  const found = Object.entries(template.findResources(type)).filter(([id]) => new RegExp(`^${idBegins}[0-9A-F]{8}$`).test(id));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return { id: found[0][0], ...found[0][1] as { Properties: Record<string, unknown> } };
}
