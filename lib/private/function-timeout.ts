import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const TIMEOUT_OF_A_FUNCTION_WITHOUT = Duration.seconds(3);

/** The timeout of a function, or of the function that a version or an alias stands for; nothing where it is imported. */
export function timeoutOf(handler: lambda.IFunction): Duration | undefined {
  if (handler instanceof lambda.Function) return handler.timeout ?? TIMEOUT_OF_A_FUNCTION_WITHOUT;
  if (handler instanceof lambda.Version || handler instanceof lambda.Alias) return timeoutOf(handler.lambda);
  return undefined;
}
