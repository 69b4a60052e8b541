import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../base/read-file.ts'

const MAX_TEXT = 4_000_000
const MAX_VISITED = 5000
const SKIPPED = /^(?:\..*|node_modules|vendor|venv|target|dist|build|out|obj|bin|__pycache__|site-packages)$/

/** The files of a repository as detectors see them: reads only, never waits, and a file that cannot be read is not there. */
export class RepoFiles {
  readonly root: string
  readonly #texts = new Map<string, string | null>()

  constructor(root: string) {
    this.root = root
  }

  /** Text of a regular file (links followed); null when there is none. */
  text(name: string): string | null {
    let text = this.#texts.get(name)
    if (text === undefined) {
      const read = readTextSafe(path.join(this.root, name), { maxBytes: MAX_TEXT, follow: true })
      this.#texts.set(name, (text = read.ok ? read.value.replace(/^\uFEFF/, '') : null))
    }
    return text
  }

  /** Is there a regular file of this name? */
  has(name: string): boolean {
    return this.#stat(name)?.isFile() === true
  }

  hasDirectory(name: string): boolean {
    return this.#stat(name)?.isDirectory() === true
  }

  exists(name: string): boolean {
    return this.#stat(name) !== undefined
  }

  isExecutable(name: string): boolean {
    try {
      fs.accessSync(path.join(this.root, name), fs.constants.X_OK)
      return this.has(name)
    } catch {
      return false
    }
  }

  /** The first of these files that is there. */
  first(...names: readonly string[]): string | undefined {
    return names.find((name) => this.has(name))
  }

  /** Names in a directory, sorted; empty when there is none. */
  names(dir: string): string[] {
    try {
      return fs.readdirSync(path.join(this.root, dir)).sort()
    } catch {
      return []
    }
  }

  /** Names of the directories in a directory, sorted; links are none. */
  directories(dir: string): string[] {
    try {
      const entries = fs.readdirSync(path.join(this.root, dir), { withFileTypes: true })
      return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
    } catch {
      return []
    }
  }

  /** The first file at most `depth` directories down whose name matches, build and dependency directories left out. */
  find(pattern: RegExp, depth: number): string | undefined {
    for (const file of this.#walk('.', pattern, depth)) return file
    return undefined
  }

  /** All such files below a directory, the nearest first. */
  all(pattern: RegExp, depth: number, dir = '.'): string[] {
    return [...this.#walk(dir, pattern, depth)]
  }

  *#walk(dir: string, pattern: RegExp, depth: number): Generator<string> {
    let level = [dir]
    let visited = 0
    for (let down = 0; down <= depth; down++) {
      const next: string[] = []
      for (const one of level)
        for (const name of this.names(one)) {
          if (++visited > MAX_VISITED) return
          const file = one === '.' ? name : `${one}/${name}`
          if (pattern.test(name) && this.has(file)) yield file
          if (!SKIPPED.test(name) && down < depth && this.hasDirectory(file)) next.push(file)
        }
      level = next
    }
  }

  #stat(name: string): fs.Stats | undefined {
    try {
      return fs.statSync(path.join(this.root, name), { throwIfNoEntry: false })
    } catch {
      return undefined
    }
  }
}
