import type { ServiceError } from '../contracts';
import type { Shape, Structure } from './shapes';

/** An answer of the query protocol; without `output`, one that has no result element. */
export function responseXml(
  operation: string, namespace: string, requestId: string, shape?: Structure, output: Record<string, unknown> = {},
): string {
  const result = shape === undefined ? '' : element(`${operation}Result`, members(shape, output));
  return `<?xml version="1.0"?><${operation}Response xmlns="${namespace}">${result}`
    + `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
}

export function errorXml(namespace: string, requestId: string, code: string, error: ServiceError): string {
  return `<?xml version="1.0"?><ErrorResponse xmlns="${namespace}"><Error><Type>${error.fault}</Type>`
    + `<Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message><Detail/></Error>`
    + `<RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function members(shape: Structure, value: Record<string, unknown>): string {
  let xml = '';
  for (const name in shape.members) {
    const given = value[name];
    if (given !== undefined && given !== null) xml += member(name, shape.members[name], given);
  }
  return xml;
}

function member(name: string, shape: Shape, value: unknown): string {
  switch (shape.type) {
    case 'structure': return element(name, members(shape, value as Record<string, unknown>));
    case 'list': {
      let items = '';
      for (const item of value as readonly unknown[]) items += member(shape.itemName, shape.item, item);
      return shape.flattened ? items : element(name, items);
    }
    case 'map': {
      let entries = '';
      for (const [key, item] of Object.entries(value as Record<string, unknown>)) {
        if (item === undefined) continue;
        entries += element(shape.entryName, element(shape.keyName, escapeXml(key)) + member(shape.valueName, shape.value, item));
      }
      return shape.flattened ? entries : element(name, entries);
    }
    case 'blob': return element(name, typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('base64'));
    case 'timestamp': return element(name, (value instanceof Date ? value : new Date(Number(value) * 1000)).toISOString());
    default: return element(name, escapeXml(String(value)));
  }
}

export function element(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

// Parsers turn a bare carriage return into a line feed, and some drop text that is only white space: as references they
// survive. The separators U+0085 and U+2028 are line ends to XML 1.1.
const special = /[&<>"\u0000-\u001f\u007f\u0085\u2028]/;
const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML carries it; control characters become numeric references, as on AWS. */
export function escapeXml(text: string): string {
  if (!special.test(text)) return text;
  return text.replace(new RegExp(special, 'g'), (character) => references[character]
    ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`);
}
