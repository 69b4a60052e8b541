import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { projectRoot } from './root.ts'

/**
 * The directory of a program that only tests need: one that is installed, else that of Debian's package of the same name, unpacked
 * once below node_modules. Null: neither is to be had here.
 */
export function programDirectory(name: string): string | null {
  const unpacked = path.join(projectRoot, `node_modules/.cache/autoloop-${name}`)
  const places = ['/usr/local/bin', '/usr/bin', path.join(unpacked, 'usr/bin')]
  const found = (): string | undefined => places.find((dir) => fs.existsSync(path.join(dir, name)))
  if (found() === undefined) unpack(name, unpacked)
  return found() ?? null
}

/** Nothing is installed: the package is fetched by apt and unpacked. Its lists may have to be read first, which only root can. */
function unpack(name: string, unpacked: string): void {
  const scratch = `${unpacked}-${process.pid}`
  fs.mkdirSync(scratch, { recursive: true })
  const run = (program: string, ...args: string[]): void =>
    void execFileSync(program, args, { cwd: scratch, stdio: 'ignore' })
  try {
    try {
      run('apt-get', 'download', name)
    } catch {
      run('apt-get', 'update')
      run('apt-get', 'download', name)
    }
    const [file] = fs.readdirSync(scratch).filter((one) => one.endsWith('.deb'))
    if (file === undefined) return
    run('dpkg-deb', '-x', file, scratch)
    fs.rmSync(unpacked, { recursive: true, force: true })
    fs.renameSync(scratch, unpacked)
  } catch {
    // Said by who asked for it.
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true })
  }
}
