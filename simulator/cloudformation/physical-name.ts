/** Stack name, logical ID and twelve characters, as CloudFormation makes names; `suffix` counts in the length. */
export function physicalName(stackName: string, logicalId: string, unique: string, maximumLength: number, suffix: string): string {
  const room = maximumLength - suffix.length - unique.length - 2;
  const stackPart = stackName.slice(0, Math.max(Math.floor(room / 2), room - logicalId.length));
  return `${stackPart}-${logicalId.slice(0, room - stackPart.length)}-${unique}${suffix}`;
}
