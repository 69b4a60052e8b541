import fs from 'node:fs'
import path from 'node:path'
import { shellWord } from '../base/shell-word.ts'
import { sha256 } from '../base/hash.ts'
import { readFileSafe } from '../base/read-file.ts'
import type { Assets } from './assets.ts'
import {
  type ShimPaths,
  cliShimPath,
  renderCliShim,
  renderHookShim,
  shimPath,
  versionDirectory,
} from './shim.ts'

export interface PlannedFile {
  readonly path: string
  readonly mode: number
  readonly content: Uint8Array
  /** `kept`: a file that is not ours is there, and stays. */
  readonly action: 'create' | 'update' | 'same' | 'kept'
}

/** Every file of `home/bin`, in an order in which a cut-short copy never leaves a shim without its program. */
export function planHomeFiles(assets: Assets, shim: ShimPaths): PlannedFile[] {
  const dir = versionDirectory(shim.home, assets.version)
  const template = (name: string) => fs.readFileSync(path.join(assets.hooksDir, name), 'utf8')
  const copies = (from: string, to: string) =>
    filesBelow(from).map((name) => planned(path.join(dir, to, name), fs.readFileSync(path.join(from, name))))
  return [
    // Without it node would take the chunks for CommonJS.
    planned(
      path.join(dir, 'package.json'),
      `${JSON.stringify({ name: 'autonomous-loop', version: assets.version, private: true, type: 'module' })}\n`,
    ),
    planned(path.join(dir, 'hook.formats.cjs'), fs.readFileSync(assets.hookFormats)),
    planned(path.join(dir, 'hook.judge.cjs'), fs.readFileSync(assets.hookJudge)),
    planned(path.join(dir, 'hook.main.cjs'), fs.readFileSync(assets.hookMain)),
    planned(path.join(dir, 'hook.cjs'), fs.readFileSync(assets.hookBundle)),
    ...copies(assets.cliDir, 'cli'),
    ...copies(assets.hooksDir, 'hooks'),
    ...copies(assets.skillDir, 'skill/autonomous-loop'),
    ...assets.documents.map((name) =>
      planned(path.join(dir, name), fs.readFileSync(path.join(assets.root, name))),
    ),
    ...(assets.nodePty === null
      ? []
      : planNodePty(assets.nodePty, nodePtyDirectory(shim.home, assets.version))),
    planned(cliShimPath(shim.home), renderCliShim(template('cli.sh'), shim), 0o755),
    planned(shimPath(shim.home), renderHookShim(template('hook.sh'), shim), 0o755),
  ]
}

export function nodePtyDirectory(home: string, version: string): string {
  return path.join(versionDirectory(home, version), 'node_modules', 'node-pty')
}

/** Only what runs: the package also holds a C++ library and its build. */
function planNodePty(from: string, to: string): PlannedFile[] {
  const native = path.join('prebuilds', `${process.platform}-${process.arch}`)
  return filesBelow(from)
    .filter(
      (name) =>
        name === 'package.json' ||
        (name.startsWith('lib/') && name.endsWith('.js') && !name.endsWith('.test.js')) ||
        name.startsWith(`${native}/`) ||
        /^build\/Release\/(?:pty\.node|spawn-helper)$/.test(name),
    )
    .map((name) => {
      const content = fs.readFileSync(path.join(from, name))
      return planned(path.join(to, name), content, name.endsWith('spawn-helper') ? 0o755 : 0o600)
    })
}

/**
 * The skill in CODEX_HOME. A file that is there and neither the same nor one we wrote (`written`: path → SHA-256, from
 * machine.json) is the user's and stays, unless `force`.
 */
export function planSkill(
  assets: Assets,
  target: { readonly codexHome: string; readonly home: string },
  written: Readonly<Record<string, string>>,
  force: boolean,
): PlannedFile[] {
  return filesBelow(assets.skillDir).map((name) => {
    const file = path.join(skillDirectory(target.codexHome), name)
    const source = fs.readFileSync(path.join(assets.skillDir, name), 'utf8')
    const plan = planned(file, source.replaceAll('{{CLI}}', shellWord(cliShimPath(target.home))))
    if (plan.action !== 'update' || force) return plan
    const present = readFileSafe(file, { maxBytes: 16_000_000 })
    return present.ok && sha256(present.value) === written[file] ? plan : { ...plan, action: 'kept' }
  })
}

export function skillDirectory(codexHome: string): string {
  return path.join(codexHome, 'skills', 'autonomous-loop')
}

/** Names of the regular files below a directory, `/`-separated, sorted; links and others are not ours to copy. */
export function filesBelow(dir: string): string[] {
  return fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .sort()
}

function planned(file: string, content: string | Uint8Array, mode = 0o600): PlannedFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return { path: file, mode, content: bytes, action: actionFor(file, bytes, mode) }
}

function actionFor(file: string, bytes: Uint8Array, mode: number): PlannedFile['action'] {
  const present = readFileSafe(file, { maxBytes: 256_000_000 })
  if (!present.ok) return present.error.code === 'missing' ? 'create' : 'update'
  return present.value.equals(bytes) && (fs.statSync(file).mode & 0o777) === mode ? 'same' : 'update'
}
