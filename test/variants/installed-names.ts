import fs from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../rig/root.ts'

/** Packages among those the project installs that look for settings by name. */
const READERS = [
  '@babel/core',
  '@istanbuljs/load-nyc-config',
  '@istanbuljs/schema',
  '@swc/core',
  '@swc/jest',
  'babel-jest',
  'browserslist',
  'esbuild',
  'jest-cli',
  'jest-config',
  'jest-haste-map',
  'oxfmt',
  'oxlint',
  'test-exclude',
]
const LITERAL = /["'`]((?:\.[a-z][\w-]*\/)?\.?[a-z][\w-]*(?:\.[a-z][\w-]*){0,3})["'`]/g
/** As settings are named: hidden, or with a word or an ending that only they have. */
const LIKE_SETTINGS =
  /^\.[\w-]+(?:rc|ignore|config|attributes)(?:\.\w+)?$|^\.(?:config|vscode)\/|\.(?:config|conf|setup)\.[cm]?[jt]s$|^[\w-]{3,}(?:rc|ignore)$|\.(?:json[c5]?|ya?ml|toml|ini|cfg|properties)$/

/** Names of settings that installed packages have in their texts, and those that loaders of settings make of a package's name. */
export function installedSettingsNames(): readonly string[] {
  const modules = path.join(projectRoot, 'node_modules')
  const found = new Set<string>()
  for (const reader of READERS)
    for (const file of textsBelow(path.join(modules, reader)))
      for (const [, name = ''] of fs.readFileSync(file, 'utf8').matchAll(LITERAL))
        if (LIKE_SETTINGS.test(name)) found.add(name)
  const packages = fs.readdirSync(modules).filter((name) => /^[a-z][\w-]+$/.test(name))
  for (const [at, name] of packages.entries()) found.add(loaderNames(name)[at % loaderNames(name).length]!)
  return [...found].sort()
}

/** Where cosmiconfig, lilconfig, c12 and rc look for the settings of a program by its name. */
function loaderNames(name: string): readonly string[] {
  const endings = ['.json', '.yaml', '.yml', '.js', '.ts', '.cjs', '.mjs', '.toml']
  return [
    `.${name}rc`,
    `${name}.config.js`,
    `.config/${name}.json`,
    ...endings.flatMap((ending) => [`.${name}rc${ending}`, `.config/${name}rc${ending}`]),
    ...['.ts', '.cjs', '.mjs', '.mts'].map((ending) => `${name}.config${ending}`),
  ]
}

function textsBelow(dir: string): readonly string[] {
  return fs
    .readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?js$/.test(file) && !file.includes('node_modules'))
    .map((file) => path.join(dir, file))
    .filter((file) => fs.statSync(file).size < 2_000_000)
    .sort()
}
