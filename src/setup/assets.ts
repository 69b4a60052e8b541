import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'

/** Where the parts of this program lie that bootstrap copies: in the package, or in the home it was copied to. */
export interface Assets {
  readonly version: string
  /** What the shim starts; the other parts of the hook lie beside it. */
  readonly hookBundle: string
  readonly hookMain: string
  readonly hookJudge: string
  readonly hookFormats: string
  readonly cliDir: string
  readonly hooksDir: string
  readonly skillDir: string
  /** What messages send their reader to, and what that links: names below `root`, those that are there. */
  readonly documents: readonly string[]
  readonly root: string
  /** Package directory of node-pty, if it is installed and built. */
  readonly nodePty: string | null
}

/** From a clone, as the README says: what a registry holds under our name is not known to be ours. */
export const reinstall = {
  fix: 'in a clone of autonomous-loop: npm ci && npm run build && npm install -g .',
}

/**
 * The parts beside the running program. `start` is a file of ours: `dist/cli/*.js` in the package, `bin/<version>/cli/*.js`
 * in the home, or a source file. Code: package-incomplete.
 */
export function findAssets(start: string = fileURLToPath(import.meta.url)): Result<Assets> {
  for (let dir = path.dirname(start); ; dir = path.dirname(dir)) {
    const version = versionIn(dir)
    if (version !== null) return collect(dir, version)
    if (dir === path.dirname(dir)) break
  }
  return fail('package-incomplete', `no package.json of autonomous-loop above ${start}`, reinstall)
}

function collect(root: string, version: string): Result<Assets> {
  const built = fs.existsSync(path.join(root, 'hook.cjs')) ? root : path.join(root, 'dist')
  const assets = {
    version,
    hookBundle: path.join(built, 'hook.cjs'),
    hookMain: path.join(built, 'hook.main.cjs'),
    hookJudge: path.join(built, 'hook.judge.cjs'),
    hookFormats: path.join(built, 'hook.formats.cjs'),
    cliDir: path.join(built, 'cli'),
    hooksDir: path.join(root, 'hooks'),
    skillDir: path.join(root, 'skill', 'autonomous-loop'),
    documents: ['TROUBLESHOOTING.md', 'docs/configuration.md'].filter((name) =>
      fs.existsSync(path.join(root, name)),
    ),
    root,
    nodePty: findNodePty(root),
  }
  const needed = [
    assets.hookBundle,
    assets.hookMain,
    assets.hookJudge,
    assets.hookFormats,
    path.join(assets.cliDir, 'main.js'),
    path.join(assets.hooksDir, 'hook.sh'),
    path.join(assets.hooksDir, 'cli.sh'),
    path.join(assets.skillDir, 'SKILL.md'),
  ]
  const missing = needed.filter((file) => !fs.existsSync(file))
  return missing.length === 0
    ? ok(assets)
    : fail('package-incomplete', `parts of this program are missing: ${missing.join(', ')}`, reinstall)
}

function versionIn(dir: string): string | null {
  const text = readTextSafe(path.join(dir, 'package.json'), { maxBytes: 1_000_000, follow: true })
  const json = text.ok ? parseJson(text.value, 'package.json') : text
  return json.ok && isObject(json.value) && json.value['name'] === 'autonomous-loop'
    ? String(json.value['version'])
    : null
}

function findNodePty(root: string): string | null {
  try {
    const dir = path.dirname(createRequire(path.join(root, 'package.json')).resolve('node-pty/package.json'))
    return fs.existsSync(path.join(dir, 'build', 'Release', 'pty.node')) ||
      fs.existsSync(path.join(dir, 'prebuilds', `${process.platform}-${process.arch}`, 'pty.node'))
      ? dir
      : null
  } catch {
    return null
  }
}
