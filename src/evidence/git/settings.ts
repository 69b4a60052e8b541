import { spawnSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import type { Repo } from './repo.ts'
import { findGit } from './shadow.ts'
import type { EvidenceOptions, GitSettings } from '../types.ts'

/**
 * Ignore rules and line-end settings as git's configuration has them now. `git config` only reads: the repository's
 * configuration cannot make it run anything. Without an answer the defaults of git hold.
 */
export function readSettings(repo: Repo, options: EvidenceOptions): GitSettings {
  const home = options.vars['HOME'] || os.homedir()
  const values = configValues(repo, home, options)
  const xdg = options.vars['XDG_CONFIG_HOME'] || path.join(home, '.config')
  const global = values.get('core.excludesfile') ?? path.join(xdg, 'git', 'ignore')
  const files = [expandHome(global, home, repo.top), path.join(repo.commonDir, 'info', 'exclude')]
  const texts = files.map((file) => {
    const read = file === '' ? null : readTextSafe(file, { maxBytes: 1 << 20, follow: true })
    return read?.ok ? withoutComments(read.value) : ''
  })
  return {
    excludes: texts.filter((text) => text !== '').join('\n'),
    autocrlf: one(values.get('core.autocrlf'), /^(true|false|input|yes|no|on|off|0|1)$/i),
    eol: one(values.get('core.eol'), /^(lf|crlf|native)$/i),
    ...(/^(false|no|off|0|)$/i.test(values.get('core.filemode') ?? 'true') ? { fileMode: false } : {}),
  }
}

function configValues(repo: Repo, home: string, options: EvidenceOptions): Map<string, string> {
  const git = findGit(repo.top, options.gitPath)
  if (git === null) return new Map()
  const xdg = options.vars['XDG_CONFIG_HOME']
  const ran = spawnSync(
    git,
    ['config', '--includes', '-z', '--get-regexp', '^core\\.(autocrlf|eol|excludesfile|filemode)$'],
    {
      cwd: repo.top,
      env: {
        PATH: '/usr/bin:/bin',
        HOME: home,
        LC_ALL: 'C',
        GIT_DIR: repo.gitDir,
        GIT_WORK_TREE: repo.top,
        ...(xdg ? { XDG_CONFIG_HOME: xdg } : {}),
      },
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 20,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const values = new Map<string, string>()
  for (const record of (ran.stdout ?? Buffer.alloc(0)).toString('utf8').split('\0')) {
    const cut = record.indexOf('\n')
    if (cut > 0) values.set(record.slice(0, cut).toLowerCase(), record.slice(cut + 1))
  }
  return values
}

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .join('\n')
}

function one(value: string | undefined, shape: RegExp): string | null {
  return value !== undefined && shape.test(value) ? value : null
}

function expandHome(file: string, home: string, top: string): string {
  if (file === '') return ''
  return file.startsWith('~/') ? path.join(home, file.slice(2)) : path.resolve(top, file)
}
