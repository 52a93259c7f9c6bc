process.env.CDK_VALIDATION ??= 'false'; // costs 1.5 s and 300 MB a file; test/reference/validation.test.ts turns it on
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/global-setup.js',
  globalTeardown: '<rootDir>/test/global-teardown.js',
  maxWorkers: '100%', // by default Jest leaves one core idle, of two one half
  testTimeout: 60_000, // the first synthesis in a worker takes seconds under load
  // the examples import the package by its name
  moduleNameMapper: {
    '^cdk-messaging$': '<rootDir>/lib',
    '^cdk-messaging/simulator/matchers$': '<rootDir>/simulator/matchers/register',
    '^cdk-messaging/(simulator|handler)$': '<rootDir>/$1',
  },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
  },
};
