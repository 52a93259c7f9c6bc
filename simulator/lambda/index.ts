export { LambdaFunction, type LogLine } from './function';
export { type FunctionProperties, type Handler, type LambdaContext } from './properties';
export { LambdaService, type LambdaOptions } from './service';
export { Turns } from './turns';
export { type Credentials } from './variables';
