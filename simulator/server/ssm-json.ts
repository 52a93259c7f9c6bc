/** AWS Systems Manager, version 2014-11-06: Parameter Store, as far as deployments read it. */
import { flag, integer, list, operation, operations, structure, text, timestamp } from './shapes';

const parameter = structure({
  Name: text, Type: text, Value: text, Version: integer, Selector: text, SourceResult: text, LastModifiedDate: timestamp, ARN: text,
  DataType: text,
});

export const ssmOperations = operations({
  GetParameter: operation({ Name: text, WithDecryption: flag }, { Parameter: parameter }),
  GetParameters: operation({ Names: list(text), WithDecryption: flag }, { Parameters: list(parameter), InvalidParameters: list(text) }),
});
