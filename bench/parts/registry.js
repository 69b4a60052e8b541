// A registry of npm on loopback, in a process of its own: the bench waits for each command that it measures, and answers nobody then.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { runBundled } from '../../scripts/run-bundled.js'
import { fetchedPackages } from '../shapes/fetched.js'
import { root } from './world.js'

const self = fileURLToPath(import.meta.url)

/** Serves what `packagesFor` fetched into this directory, until it is closed or the bench ends. */
export async function startRegistry(dir) {
  const child = spawn(process.execPath, [self, dir], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [''])])
  if (!/^\d+$/.test(String(port))) throw new Error(`no registry for ${dir}`)
  return { url: `http://127.0.0.1:${port}/`, close: () => child.stdin.end() }
}

if (process.argv[1] === self) {
  const { npmRegistry } = await runBundled(root, 'test/projects/npm-registry.ts')
  const { port } = await npmRegistry(fetchedPackages(process.argv[2]))
  process.stdout.write(String(port))
  // The pipe ends with whoever holds its other end.
  process.stdin.on('end', () => process.exit(0)).resume()
}
