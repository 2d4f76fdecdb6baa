import { defineConfig } from 'eslint/config'
import { builtinRules } from 'eslint/use-at-your-own-risk'
import tseslint from 'typescript-eslint'

/** One rule has one severity; the same rules under a second name give the budgets their warning. */
const budget = {
  rules: {
    'max-lines': builtinRules.get('max-lines'),
    'max-lines-per-function': builtinRules.get('max-lines-per-function'),
  },
}

const countCode = { skipBlankLines: true, skipComments: true }

const onlyTheCollector = 'Only collector/ reads the environment and exits; take it as an argument.'

export default defineConfig(
  { ignores: ['node_modules/', 'dist/', 'coverage/', 'examples/', '.launchtrace/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { budget },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'budget/max-lines': ['warn', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60, ...countCode }],
      'budget/max-lines-per-function': ['warn', { max: 40, ...countCode }],
      'max-params': ['error', { max: 3 }],
      'max-depth': ['error', { max: 3 }],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'A union of literals instead.' },
        {
          selector: ':matches(PropertyDefinition, MethodDefinition)[accessibility="private"]',
          message: 'Use #name: private at run time too.',
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: onlyTheCollector },
        { object: 'process', property: 'exit', message: onlyTheCollector },
        { object: 'process', property: 'exitCode', message: onlyTheCollector },
      ],
      'no-restricted-imports': ['error', { paths: [{ name: 'node:process', message: onlyTheCollector }] }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // `_` marks what an interface demands and a function does not need.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // It asks for `!`, which is refused.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['collector/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    files: ['bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/catalogue/**/*.ts'],
    rules: { 'max-lines': 'off', 'budget/max-lines': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      'budget/max-lines': 'off',
      // A describe block is one function, however many tests it holds.
      'max-lines-per-function': 'off',
      'budget/max-lines-per-function': 'off',
    },
  },
  {
    // These tools ask for a default export.
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
)
