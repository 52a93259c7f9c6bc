/** What a request says about who signed it. Signatures are not verified: any secret will do. */
export interface Credential {
  readonly accessKeyId?: string;
  /** The signing name of the service that the request is for, for example `sqs`, `sns`, `monitoring` or `s3`. */
  readonly service?: string;
  /** The region that the request is for; version 4a has none. */
  readonly region?: string;
}

const nobody: Credential = {};
let latest: Credential & { readonly scope: string } = { scope: '' };

/**
 * Reads the credential scope of signature version 4 (`KEY/20260105/eu-west-1/sqs/aws4_request`) from the header, or of a
 * presigned request from its query string; of version 2 the access key ID alone.
 */
export function credentialOf(authorization: string | undefined, query: string): Credential {
  if (authorization !== undefined) {
    const start = authorization.indexOf('Credential=');
    if (start >= 0) {
      const end = authorization.indexOf(',', start);
      return scopeOf(authorization.slice(start + 'Credential='.length, end < 0 ? undefined : end).trim());
    }
    const versionTwo = /^AWS ([^:\s]+):/.exec(authorization);
    return versionTwo === null ? nobody : { accessKeyId: versionTwo[1] };
  }
  if (query === '') return nobody;
  const presigned = /(?:^|&)X-Amz-Credential=([^&]*)/i.exec(query);
  if (presigned !== null) return scopeOf(presigned[1].replace(/%2F/gi, '/'));
  const versionTwo = /(?:^|&)AWSAccessKeyId=([^&]*)/.exec(query);
  return versionTwo === null ? nobody : { accessKeyId: versionTwo[1] };
}

function scopeOf(credential: string): Credential {
  // a client repeats its own with every request
  if (credential !== latest.scope) {
    const parts = credential.split('/');
    // An access key ID has no slash; the service stands before the terminator, after a region that version 4a leaves out.
    latest = {
      scope: credential, accessKeyId: parts[0] || undefined, service: parts.length >= 4 ? parts[parts.length - 2] : undefined,
      region: parts.length >= 5 ? parts[parts.length - 3] : undefined,
    };
  }
  return latest;
}
