import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { proposePrepare } from '../../src/detect/prepare/propose.ts'
import type { ProposedStep } from '../../src/detect/prepare/proposal.ts'
import { repository } from './rig.ts'

const repo = repository()
const run = promisify(execFile)
const json = (value: unknown) => JSON.stringify(value)

/** A package of a registry and a project with a member: each of them leaves a file behind when its script runs. */
async function project(url: string): Promise<Buffer> {
  const leaves = { postinstall: "node -e \"require('fs').writeFileSync('ran', '')\"" }
  repo.write({
    'packed/package.json': json({ name: 'dep', version: '1.0.0', scripts: leaves }),
    'project/package.json': json({
      name: 'root',
      version: '1.0.0',
      workspaces: ['member'],
      dependencies: { dep: '1.0.0' },
      scripts: { ...leaves, prepare: leaves.postinstall },
    }),
    'project/member/package.json': json({ name: 'member', version: '1.0.0', scripts: leaves }),
  })
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], {
    cwd: path.join(repo.root(), 'packed'),
  })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  const tarball = fs.readFileSync(path.join(repo.root(), 'packed', filename))
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const packages = {
    '': {
      name: 'root',
      version: '1.0.0',
      hasInstallScript: true,
      workspaces: ['member'],
      dependencies: { dep: '1.0.0' },
    },
    member: { version: '1.0.0', hasInstallScript: true },
    'node_modules/dep': { version: '1.0.0', resolved: `${url}dep.tgz`, integrity, hasInstallScript: true },
    'node_modules/member': { resolved: 'member', link: true },
  }
  repo.write({
    'project/package-lock.json': json({
      name: 'root',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages,
    }),
  })
  return tarball
}

test('npm runs the scripts of a package from the registry, and of the project only where all scripts are wanted', async () => {
  let tarball: Uint8Array = Buffer.alloc(0)
  const server = http.createServer((_request, response) => response.end(tarball))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    tarball = await project(url)
    const root = path.join(repo.root(), 'project')
    const env = {
      ...process.env,
      npm_config_cache: path.join(repo.root(), 'cache'),
      npm_config_registry: url,
      npm_config_audit: 'false',
      npm_config_update_notifier: 'false',
    }
    const ran = async (steps: readonly ProposedStep[]) => {
      fs.rmSync(path.join(root, 'node_modules'), { recursive: true, force: true })
      for (const { argv, cwd } of steps) {
        const [program = '', ...words] = argv
        await run(program, words, { cwd: path.join(root, cwd), env })
      }
      expect(fs.realpathSync(path.join(root, 'node_modules/member'))).toBe(path.join(root, 'member'))
      return ['.', 'member', 'node_modules/dep'].filter((dir) => fs.existsSync(path.join(root, dir, 'ran')))
    }
    const proposal = proposePrepare({ root }, [])
    expect(await ran(proposal.steps)).toEqual(['node_modules/dep'])
    expect(await ran(proposal.steps.slice(0, 1))).toEqual([])
    expect(await ran(proposal.withScripts ?? [])).toEqual(['.', 'member', 'node_modules/dep'])
  } finally {
    server.close()
  }
})
