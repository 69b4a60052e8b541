import fs from 'node:fs'
import path from 'node:path'

/** Resolves once when somebody calls `tell`; asked for again after that. */
export class Bell {
  private ring: () => void = () => {}
  private next = this.renewed()

  tell(): void {
    this.ring()
    this.next = this.renewed()
  }

  happened(): Promise<void> {
    return this.next
  }

  private renewed(): Promise<void> {
    return new Promise((resolve) => {
      this.ring = resolve
    })
  }
}

/** Rings when something changes in one of these directories. One that is missing, or cannot be watched, is looked at with every event all the same. */
export function watchDirectories(dirs: readonly string[], bell: Bell): { readonly close: () => void } {
  const watchers = dirs.flatMap((dir) => {
    try {
      const watcher = fs.watch(dir, { persistent: false }, () => bell.tell())
      watcher.on('error', () => watcher.close())
      return [watcher]
    } catch {
      return []
    }
  })
  return { close: () => watchers.forEach((one) => one.close()) }
}

/** Directories in which something may change that a batch goes by. */
export function watchedPlaces(root: string, requests: string): readonly string[] {
  return [root, path.join(root, '.codex'), path.join(root, '.codex/backlog'), requests]
}
