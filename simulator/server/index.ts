export type { ServedServices } from './dispatch';
export { readBody } from './body';
export type { InvokableFunctions } from './lambda-rest';
export type { RouteHandler } from './routes';
export { type ListenOptions, SimulatorServer, type SimulatorServerOptions } from './server';
