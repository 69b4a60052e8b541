import { type Collection, dirOf, join } from './collection.ts'

const NAMES = ['settings.gradle', 'settings.gradle.kts', 'build.gradle', 'build.gradle.kts']
const DEPENDENCY =
  /^\s*(\w*[iI]mplementation|\w*[aA]pi|\w*[cC]ompileOnly|\w*[rR]untimeOnly|\w*[aA]nnotationProcessor|kapt|ksp)\b(?=[\s(])/
/** Longer lines are not taken apart. Characters. */
const MAX_LINE = 500
/** What may be called on a dependency line: these only say which dependency. */
const CALLS =
  /\b(platform|enforcedPlatform|project|kotlin|files|fileTree|testFixtures|gradleApi|gradleTestKit|npm)\s*\(/g

/** Gradle's scripts of one directory but for plain dependency lines, with the scripts and projects they take in. */
export function pinGradle(dir: string, collection: Collection): void {
  if (!collection.once(`gradle ${dir}`)) return
  for (const name of NAMES) pinScript(join(dir, name), dir, collection)
}

function pinScript(rel: string, root: string, collection: Collection): void {
  if (!collection.once(`gradle script ${rel}`)) return
  const text = collection.workspace.text(rel)
  const isSettings = /(^|\/)settings\.gradle(\.kts)?$/.test(rel)
  const kept: string[] = []
  for (const line of text?.split(/\r?\n/) ?? []) {
    const projects = isSettings ? included(line) : null
    if (projects !== null) for (const project of projects) pinProject(project, rel, root, collection)
    else if (!/^\s*(\/\/.*)?$/.test(line) && !isDependency(line)) kept.push(line.trimEnd())
  }
  collection.part(rel, 'build', text === null ? null : kept.join('\n'))
  follow(text ?? '', rel, root, collection)
}

/** A line that names dependencies and does nothing else: code behind `;`, in braces or in a string runs. */
function isDependency(line: string): boolean {
  if (line.length > MAX_LINE || !DEPENDENCY.test(line) || /\$\{(?![\w.]+\})/.test(line)) return false
  const rest = line
    .replace(DEPENDENCY, '')
    .replace(/"[^"\\]*"|'[^'\\]*'/g, ' ')
    .replace(/\s\/\/.*$/, '')
    .replace(
      /\b(group|name|version|classifier|ext|transitive|changing|dir|include|path|configuration)\s*[:=]/g,
      ' ',
    )
    .replace(CALLS, '(')
  // Catalog names (`libs.junit.api`) have no call behind them.
  return /^[\s\w.,()[\]:-]*\{?\s*$/.test(rest) && !/\w\s*\(|\w\s+\w/.test(rest.trim())
}

/** Projects of a line that is `include "a", ":b:c"` and nothing else; null when it is another line. */
function included(line: string): string[] | null {
  if (line.length > MAX_LINE) return null
  const list = /^\s*include\s*\(?\s*((?:["'][\w:./-]+["']\s*,?\s*)+)\)?\s*$/.exec(line)?.[1]
  return list === undefined
    ? null
    : [...list.matchAll(/["']([^"']+)["']/g)].map((found) => found[1] as string)
}

/** A project that joins only adds; one that leaves is a change. */
function pinProject(project: string, rel: string, root: string, collection: Collection): void {
  collection.pin('addable', `${rel}#include ${project}`, 'included', rel)
  const dir = collection.workspace.inside(root, project.replace(/^:/, '').replaceAll(':', '/'))
  if (dir === null || dir === '.') return
  collection.pin('member', dir, 'member')
  pinGradle(dir, collection)
}

/** `apply from: "x"`, `apply(from = "x")`, and builds taken in whole. */
function follow(text: string, rel: string, root: string, collection: Collection): void {
  const { workspace } = collection
  const dir = dirOf(rel)
  for (const [, to] of text.matchAll(
    /\bfrom\s{0,9}[:=(]\s{0,9}[^"'\n]{0,40}["']([^"'\n]{1,200}\.gradle(?:\.kts)?)["']/g,
  )) {
    const fromRoot = /^\$\{?(rootDir|rootProject\.(projectDir|rootDir)|settingsDir)\}?\/(.*)$/.exec(
      to as string,
    )?.[3]
    const plain = (to as string).replace(/^\$\{?projectDir\}?\//, '')
    for (const at of fromRoot === undefined ? new Set([dir, root]) : [root]) {
      const script = workspace.inside(at, fromRoot ?? plain)
      if (script !== null && (fromRoot !== undefined || at === dir || workspace.exists(script)))
        pinScript(script, root, collection)
    }
  }
  for (const [, to] of text.matchAll(/\bincludeBuild\s{0,9}\(?\s{0,9}["']([^"'\n]{1,200})["']/g)) {
    const build = workspace.inside(root, to as string)
    if (build !== null && build !== '.') pinBuild(build, collection)
  }
}

/** A build of plug-ins: its own output is not among its definition. */
export function pinBuild(dir: string, collection: Collection): void {
  pinGradle(dir, collection)
  collection.tree(join(dir, 'src'))
}
