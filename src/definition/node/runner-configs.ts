import { expand } from '../file-rules.ts'

/** Where a tool takes its settings from. */
export interface RunnerConfig {
  readonly files: readonly string[]
  /** Members of package.json. */
  readonly keys: readonly string[]
}

const JS = '{js,cjs,mjs,ts,cts,mts}'
const row = (files: readonly string[], keys: readonly string[] = []): RunnerConfig => ({
  files: files.flatMap(expand),
  keys,
})
const typescript = row(['tsconfig.json'])
const vitest = row([
  `vitest.config.${JS}`,
  `vite.config.${JS}`,
  `vitest.workspace.${JS}`,
  'vitest.workspace.json',
])
const playwright = row([`playwright.config.${JS}`, `playwright-ct.config.${JS}`])
const jest = row(
  [
    `jest.config.${JS}`,
    'jest.config.json',
    `babel.config.${JS}`,
    'babel.config.json',
    '.babelrc{,.js,.cjs,.json}',
    '.swcrc',
  ],
  ['jest', 'babel'],
)
const eslint = row(
  [`eslint.config.${JS}`, '.eslintrc{,.js,.cjs,.yaml,.yml,.json}', '.eslintignore'],
  ['eslintConfig', 'eslintIgnore'],
)

/** Program name → its settings. A tool that is not here is pinned by its start file alone; `pins` of the command adds the rest. */
export const runnerConfigs: Readonly<Record<string, RunnerConfig>> = {
  jest,
  'react-scripts': jest,
  vitest,
  vite: vitest,
  mocha: row(['.mocharc.{js,cjs,mjs,yaml,yml,json,jsonc}', 'test/mocha.opts'], ['mocha']),
  ava: row(['ava.config.{js,cjs,mjs}'], ['ava']),
  tap: row(['.taprc'], ['tap']),
  c8: row(['.c8rc{,.json}', '.nycrc{,.json,.yaml,.yml}'], ['c8']),
  nyc: row(['.nycrc{,.json,.yaml,.yml}', 'nyc.config.{js,cjs,mjs}'], ['nyc']),
  jasmine: row(['spec/support/jasmine.{json,js,mjs}', 'jasmine.json']),
  karma: row(['karma.conf.{js,cjs,mjs,ts}', '.config/karma.conf.{js,ts}']),
  uvu: row([]),
  wtr: row([`web-test-runner.config.${JS}`]),
  'web-test-runner': row([`web-test-runner.config.${JS}`]),
  playwright,
  cypress: row([`cypress.config.${JS}`, 'cypress.json']),
  wdio: row([`wdio.conf.${JS}`]),
  'bun-test': row(['bunfig.toml', '.env', '.env.test', '.env.local', '.env.test.local', 'tsconfig.json']),
  tsc: typescript,
  'vue-tsc': typescript,
  tsgo: typescript,
  attw: row(['.attw.json']),
  'svelte-check': row(['tsconfig.json', `svelte.config.${JS}`]),
  tsd: row(['tsconfig.json'], ['tsd']),
  'ts-node': typescript,
  tsx: typescript,
  eslint,
  eslint_d: eslint,
  next: row([`next.config.${JS}`, ...eslint.files], eslint.keys),
  xo: row([`xo.config.${JS}`, '.xo-config{,.json,.js,.cjs}'], ['xo']),
  standard: row([], ['standard']),
  biome: row(['biome.{json,jsonc}', '.biome.{json,jsonc}']),
  oxlint: row(['.oxlintrc.{json,jsonc}', `oxlint.config.${JS}`, 'tsconfig.json', '.eslintignore']),
  oxfmt: row(['.oxfmtrc.{json,jsonc}', `oxfmt.config.${JS}`, '.prettierignore', '.editorconfig']),
  prettier: row(
    [
      '.prettierrc{,.json,.json5,.yaml,.yml,.toml,.js,.cjs,.mjs,.ts}',
      `prettier.config.${JS}`,
      '.prettierignore',
      '.editorconfig',
    ],
    ['prettier'],
  ),
  stylelint: row(
    ['.stylelintrc{,.js,.cjs,.mjs,.json,.yaml,.yml}', `stylelint.config.${JS}`, '.stylelintignore'],
    ['stylelint'],
  ),
  tslint: row(['tslint.{json,yaml,yml,js}']),
  dprint: row(['dprint.json', '.dprint.json', 'dprint.jsonc']),
  knip: row(['knip.{json,jsonc,js,ts}', '.knip.{json,jsonc}', 'knip.config.{js,ts}'], ['knip']),
  cspell: row(['cspell.json', '.cspell.json', 'cspell.config.{js,cjs,mjs,json,yaml,yml}'], ['cspell']),
  'size-limit': row(['.size-limit{.json,.js,.cjs,.mjs,.ts}'], ['size-limit']),
  markdownlint: row(['.markdownlint{.json,.jsonc,.yaml,.yml,rc}', '.markdownlintignore']),
  'markdownlint-cli2': row([
    '.markdownlint-cli2.{jsonc,yaml,cjs,mjs}',
    '.markdownlint{.json,.jsonc,.yaml,.yml}',
  ]),
  'dependency-cruiser': row(['.dependency-cruiser.{js,cjs,mjs,json}']),
  depcruise: row(['.dependency-cruiser.{js,cjs,mjs,json}']),
  madge: row(['.madgerc'], ['madge']),
  turbo: row(['turbo.{json,jsonc}']),
  nx: row(['nx.json', 'project.json'], ['nx']),
  lerna: row(['lerna.json'], ['lerna']),
  wireit: row([], ['wireit']),
  gulp: row([`gulpfile.${JS}`]),
  grunt: row(['Gruntfile.{js,cjs,coffee}', 'gruntfile.{js,cjs}']),
  'lint-staged': row(
    ['.lintstagedrc{,.json,.yaml,.yml,.js,.cjs,.mjs}', `lint-staged.config.${JS}`],
    ['lint-staged'],
  ),
  swc: row(['.swcrc']),
  babel: row([`babel.config.${JS}`, 'babel.config.json', '.babelrc{,.js,.cjs,.json}'], ['babel']),
  webpack: row([`webpack.config.${JS}`]),
  rollup: row([`rollup.config.${JS}`]),
  tsup: row([`tsup.config.${JS}`, 'tsup.config.json'], ['tsup']),
}

/** Packages whose program has another name than the package, for `node node_modules/<package>/…`. */
export const programOfPackage: Readonly<Record<string, string>> = {
  typescript: 'tsc',
  '@playwright/test': 'playwright',
  '@biomejs/biome': 'biome',
  '@babel/cli': 'babel',
  '@swc/cli': 'swc',
  '@web/test-runner': 'wtr',
  '@wdio/cli': 'wdio',
  '@stryker-mutator/core': 'stryker',
  'webpack-cli': 'webpack',
  'jest-cli': 'jest',
}
