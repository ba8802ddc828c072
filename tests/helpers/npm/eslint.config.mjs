// The recommended rules, with each helper read as the oldest language that it is meant for.
import js from '@eslint/js';

const globals = names => Object.fromEntries(names.map(name => [name, 'readonly']));
const node = ['process', 'Buffer'];

export default [
  js.configs.recommended,
  {
    files: ['**/*.cjs'],
    languageOptions: {
      ecmaVersion: 2017,
      sourceType: 'commonjs',
      globals: globals([...node, '__dirname']),
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { ecmaVersion: 2020, sourceType: 'module', globals: globals(node) },
  },
  {
    files: ['**/*.gs'],
    languageOptions: {
      ecmaVersion: 5,
      sourceType: 'script',
      globals: globals(['CacheService', 'LockService', 'PropertiesService', 'UrlFetchApp']),
    },
    rules: {
      // What other files call.
      'no-unused-vars': ['error', { varsIgnorePattern: '^zoho(Authorization|DropAccessToken)$' }],
    },
  },
];
