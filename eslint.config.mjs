import cdkPlugin from 'eslint-cdk-plugin';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['build/', 'assets/', 'cdk.out/', 'dist/', 'node_modules/', 'coverage/', '.jsii'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // an operation of a service is asynchronous in its interface, whether or not this one has to wait
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300 }],
      'max-len': ['error', { code: 150, ignoreUrls: true, ignoreTemplateLiterals: true, ignoreStrings: true, ignoreRegExpLiterals: true }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    extends: [cdkPlugin.configs.recommended],
    rules: {
      // constructs show the L2s that they compose: whoever needs more than the props can reach it
      'cdk/no-construct-in-public-property-of-construct': 'off',
      // builders take the ID of what they build, and methods like addQueue() that of a subscription
      'cdk/no-variable-construct-id': 'off',
      'cdk/require-passing-this': 'off',
      // a construct whose props are all optional defaults them to {}
      'cdk/construct-constructor-property': 'off',
    },
  },
  {
    files: ['test/**/*.ts', 'examples/**/*.ts'],
    rules: {
      'max-lines': 'off',
      'max-len': 'off', // rows of tables
      // Jest's matchers and the templates of the assertions library are `any`
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
