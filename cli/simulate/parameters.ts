import { InvalidArgumentError } from 'commander';
import type { StackParameters } from '../../simulator';

/** Adds `Name=Value`, for every stack that has the parameter, or `Stack:Name=Value`. @throws for anything else */
export function addParameter(text: string, before: StackParameters = {}): StackParameters {
  const [, stack, name, value] = /^(?:([A-Za-z][A-Za-z0-9-]*):)?([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('It must be Name=Value or Stack:Name=Value.');
  if (stack === undefined) return { ...before, [name]: value };
  const others = before[stack];
  return { ...before, [stack]: { ...typeof others === 'object' ? others : {}, [name]: value } };
}
