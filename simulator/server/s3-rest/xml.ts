import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { ServiceError } from '../../contracts';
import { element, escapeXml } from '../query-xml';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

// Entities: keys may carry control characters as numeric references, which the parser counts among HTML's.
const parser = new XMLParser({
  ignoreAttributes: true, parseTagValue: false, trimValues: false, removeNSPrefix: true, htmlEntities: true,
});

/**
 * The content of a request's root element.
 *
 * @throws ServiceError `MalformedXML`
 */
export function parseXml(body: Buffer, root: string): Record<string, unknown> {
  const xml = body.toString('utf8');
  // A document type could define entities; S3 takes none.
  if (xml.includes('<!DOCTYPE') || XMLValidator.validate(xml) !== true) throw malformedXml('The request body is not well-formed XML');
  let parsed: Record<string, unknown>;
  try {
    parsed = parser.parse(xml) as Record<string, unknown>;
  } catch {
    throw malformedXml('The request body is not XML that the simulator can read');
  }
  const content = parsed[root];
  if (content === '') return {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw malformedXml(`The request body must have the root element ${root}`);
  }
  return content as Record<string, unknown>;
}

/** The elements of one name, of which there may be none, one or several. */
export function elementsOf(parent: Readonly<Record<string, unknown>>, name: string): Record<string, unknown>[] {
  const given = parent[name];
  if (given === undefined) return [];
  return (Array.isArray(given) ? given : [given]).map((each: unknown) => {
    if (typeof each !== 'object' || each === null) throw malformedXml(`The element ${name} must have elements within`);
    return each as Record<string, unknown>;
  });
}

export function textOf(parent: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const given = parent[name];
  if (given === undefined || typeof given === 'string') return given;
  throw malformedXml(`The element ${name} must be text, once`);
}

export function malformedXml(message: string): ServiceError {
  return new ServiceError('MalformedXML', message);
}

export type XmlValue = string | number | boolean | Date | undefined | XmlElements;
export interface XmlElements {
  readonly [name: string]: XmlValue | readonly XmlValue[];
}

/** A document of S3: members that are undefined are left out, those that are lists become elements side by side. */
export function documentXml(root: string, content: XmlElements | string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${contentXml(content)}</${root}>`;
}

/** The error document, which has no namespace. */
export function errorDocumentXml(elements: XmlElements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elementsXml(elements)}</Error>`;
}

function elementsXml(elements: XmlElements): string {
  let xml = '';
  for (const [name, value] of Object.entries(elements)) {
    for (const each of Array.isArray(value) ? value as readonly XmlValue[] : [value as XmlValue]) {
      if (each !== undefined) xml += element(name, contentXml(each));
    }
  }
  return xml;
}

function contentXml(value: Exclude<XmlValue, undefined>): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? elementsXml(value) : escapeXml(String(value));
}
