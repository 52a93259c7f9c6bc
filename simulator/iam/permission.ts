import type { Statement } from './policy';

/** The statement that `AWS::Lambda::Permission` adds to a function's policy. */
export function permissionStatement({ sid, action, principal, resource, sourceArn, sourceAccount }: {
  sid: string; action: string; principal: string; resource: string; sourceArn?: string; sourceAccount?: string;
}): Statement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    Principal: principal === '*' ? '*' : principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Condition: {
      ...(sourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': sourceArn } }),
      ...(sourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': sourceAccount } }),
    },
  };
}
