import fs from 'node:fs'
import path from 'node:path'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { captureBaseline } from '../../src/evidence/baseline.ts'
import { compareWith } from '../../src/evidence/compare.ts'
import { type Rig, changes, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

/** Things an agent does between the start and the stop so that its edit of src/b.txt, or its new file src/new.txt, is not seen. */
const hiding: Record<string, (rig: Rig) => void> = {
  nothing: () => undefined,
  'assume-unchanged': (rig) => void rig.git(['update-index', '--assume-unchanged', 'src/b.txt']),
  'skip-worktree': (rig) => void rig.git(['update-index', '--skip-worktree', 'src/b.txt']),
  'both bits': (rig) => {
    rig.git(['update-index', '--assume-unchanged', 'src/b.txt'])
    rig.git(['update-index', '--skip-worktree', 'src/b.txt'])
  },
  '.git/info/exclude': (rig) => fs.writeFileSync(rig.path('.git/info/exclude'), '*\n'),
  'core.excludesFile in the repository': (rig) => {
    fs.writeFileSync(path.join(rig.home, 'hide'), '*\n')
    rig.git(['config', 'core.excludesFile', path.join(rig.home, 'hide')])
  },
  'global excludes': (rig) => {
    fs.mkdirSync(path.join(rig.home, '.config/git'), { recursive: true })
    fs.writeFileSync(path.join(rig.home, '.config/git/ignore'), '*\n')
  },
  'settings of how git compares': (rig) => {
    for (const [key, value] of [
      ['core.fileMode', 'false'],
      ['core.trustctime', 'false'],
      ['core.checkStat', 'minimal'],
      ['core.ignoreStat', 'true'],
      ['core.symlinks', 'false'],
      ['core.ignoreCase', 'true'],
      ['core.untrackedCache', 'true'],
      ['status.showUntrackedFiles', 'no'],
      ['diff.ignoreSubmodules', 'all'],
      ['core.quotePath', 'false'],
    ])
      rig.git(['config', key!, value!])
  },
  'another work tree in core.worktree': (rig) => {
    fs.cpSync(rig.path('src'), path.join(rig.home, 'clean/src'), { recursive: true })
    fs.cpSync(rig.path('a.txt'), path.join(rig.home, 'clean/a.txt'))
    rig.git(['config', 'core.worktree', path.join(rig.home, 'clean')])
  },
  'core.bare': (rig) => void rig.git(['config', 'core.bare', 'true']),
  'a replaced commit': (rig) => {
    fs.writeFileSync(rig.path('src/b.txt'), 'edited\n')
    const tree = withIndex(rig)
    const forged = rig.git(['commit-tree', tree, '-m', 'forged']).trim()
    rig.git(['replace', 'HEAD', forged])
  },
  'an info/attributes that makes everything binary': (rig) => {
    fs.mkdirSync(rig.path('.git/info'), { recursive: true })
    fs.writeFileSync(rig.path('.git/info/attributes'), '* -text -diff filter=hide\n')
  },
  'a config with nothing but a megabyte of empty lines more': (rig) =>
    fs.appendFileSync(rig.path('.git/config'), '\n'.repeat(1_000_000)),
  'a broken config': (rig) => fs.writeFileSync(rig.path('.git/config'), '[core\n'),
}

function withIndex(rig: Rig): string {
  const env = { ...process.env, GIT_INDEX_FILE: path.join(rig.home, 'forged-index') }
  execFileSync('git', ['add', '-A'], { cwd: rig.root, env })
  return execFileSync('git', ['write-tree'], { cwd: rig.root, env, encoding: 'utf8' }).trim()
}

describe('what an agent does to hide its edits', () => {
  test.each(sampleOf(Object.entries(hiding), 3, 1))('%s', async (_name, hide) => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('src/b.txt').commitAll()
      const { atime, mtime } = fs.statSync(rig.path('src/b.txt'))
      const seen = await rig.changesAfter(() => {
        hide(rig)
        rig.write('src/b.txt', 'SRC/B.TXT\n').write('src/new.txt')
        fs.utimesSync(rig.path('src/b.txt'), atime, mtime)
      })
      expect(seen).toEqual(['modified src/b.txt', 'added src/new.txt'])
    })
  })

  test.each([
    ['skip-worktree', ['update-index', '--skip-worktree', 'src/b.txt']],
    ['assume-unchanged', ['update-index', '--assume-unchanged', 'src/b.txt']],
  ])('a deletion behind %s', async (_name, args) => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('src/b.txt').commitAll()
      const seen = await rig.changesAfter(() => {
        rig.git(args)
        rig.rm('src/b.txt')
      })
      expect(seen).toEqual(['removed src/b.txt'])
    })
  })

  test('what a person had excluded before stays excluded', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      fs.writeFileSync(rig.path('.git/info/exclude'), '# mine\n/notes\n')
      fs.writeFileSync(path.join(rig.home, 'global'), '*.swp\n')
      fs.writeFileSync(path.join(rig.home, '.gitconfig'), '[core]\n\texcludesFile = ~/global\n')
      const seen = await rig.changesAfter(() => {
        fs.rmSync(path.join(rig.home, '.gitconfig'))
        rig.write('notes').write('a.txt.swp').write('seen')
      })
      expect(seen).toEqual(['added seen'])
    })
  })

  test('a deletion behind a flag moves the fingerprint', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('src/b.txt').commitAll()
      const before = await rig.baseline()
      const start = await rig.compare(before)
      rig.rm('a.txt').git(['update-index', '--skip-worktree', 'a.txt'])
      expect((await rig.compare(before)).fingerprint).not.toBe(start.fingerprint)
    })
  })

  test('bits that a person had set before hide nothing either', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('src/b.txt').commitAll()
      rig.git(['update-index', '--assume-unchanged', 'a.txt'])
      rig.write('a.txt', 'local\n')
      const before = await rig.baseline()
      expect(changes(await rig.compare(before))).toEqual([])
      rig.write('a.txt', 'other\n')
      expect(changes(await rig.compare(before))).toEqual(['modified a.txt'])
    })
  })
})

/** Configuration that makes an ordinary git run a program; each gets a script that leaves a trace. */
const traps: Record<string, (rig: Rig, script: string) => void> = {
  'core.fsmonitor': (rig, script) => void rig.git(['config', 'core.fsmonitor', script]),
  'filters (clean, smudge, process)': (rig, script) => {
    for (const part of ['clean', 'smudge', 'process']) rig.git(['config', `filter.trap.${part}`, script])
    fs.writeFileSync(rig.path('.gitattributes'), '* filter=trap\n')
  },
  'a required filter in info/attributes': (rig, script) => {
    rig.git(['config', 'filter.trap.clean', script])
    rig.git(['config', 'filter.trap.required', 'true'])
    fs.mkdirSync(rig.path('.git/info'), { recursive: true })
    fs.writeFileSync(rig.path('.git/info/attributes'), '* filter=trap\n')
  },
  'diff.external, textconv, pager, editor, ssh': (rig, script) => {
    for (const key of [
      'diff.external',
      'diff.trap.textconv',
      'diff.trap.command',
      'core.pager',
      'core.editor',
      'core.sshCommand',
      'pager.diff-index',
    ])
      rig.git(['config', key, script])
    fs.writeFileSync(rig.path('.gitattributes'), '* diff=trap\n')
  },
  'hooks and core.hooksPath': (rig, script) => {
    for (const dir of ['.git/hooks', 'hooks']) {
      fs.mkdirSync(rig.path(dir), { recursive: true })
      for (const hook of ['post-index-change', 'fsmonitor-watchman', 'pre-commit', 'reference-transaction'])
        fs.copyFileSync(script, rig.path(`${dir}/${hook}`))
    }
    rig.git(['config', 'core.hooksPath', 'hooks'])
  },
  'aliases of the commands we call': (rig, script) => {
    for (const name of ['diff-index', 'diff-files', 'ls-files', 'ls-tree', 'check-ignore'])
      rig.git(['config', `alias.${name}`, `!${script}`])
  },
  'include and includeIf': (rig, script) => {
    fs.writeFileSync(path.join(rig.home, 'more'), `[core]\n\tfsmonitor = ${script}\n`)
    rig.git(['config', 'include.path', path.join(rig.home, 'more')])
    rig.git(['config', `includeIf.gitdir:${rig.root}/.path`, path.join(rig.home, 'more')])
  },
  'a global config': (rig, script) =>
    fs.writeFileSync(
      path.join(rig.home, '.gitconfig'),
      `[core]\n\tfsmonitor = ${script}\n\thooksPath = ${rig.home}\n`,
    ),
  'the configuration of an embedded repository': (rig, script) => {
    fs.mkdirSync(rig.path('inner'))
    rig.git(['init', '-q'], 'inner')
    rig.git(['config', 'core.fsmonitor', script], 'inner')
    rig.write('inner/x.txt')
  },
  'a lazy fetch of missing objects': (rig, script) => {
    rig.git(['config', 'remote.far.url', `ext::${script}`])
    rig.git(['config', 'remote.far.promisor', 'true'])
    rig.git(['config', 'extensions.partialClone', 'far'])
    rig.git(['config', 'core.repositoryFormatVersion', '1'])
    const blob = rig.git(['rev-parse', 'HEAD:a.txt']).trim()
    fs.rmSync(rig.path(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`))
  },
}

describe('what a repository names is not run', () => {
  test.each(sampleOf(Object.entries(traps), 4))('%s', async (_name, set) => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('src/b.txt').commitAll()
      const script = path.join(rig.dir, 'trap.sh')
      const trace = path.join(rig.dir, 'trace')
      fs.writeFileSync(script, `#!/bin/sh\necho "$0 $*" >>${trace}\ncat\n`, { mode: 0o755 })
      const before = await rig.baseline([{ glob: 'src/**' }])
      set(rig, script)
      rig.write('src/b.txt', 'edited\r\n')
      fs.rmSync(trace, { force: true })
      const seen = changes(await rig.compare(before, [{ glob: 'src/**' }]))
      await rig.baseline()
      expect(fs.existsSync(trace) ? fs.readFileSync(trace, 'utf8') : 'nothing ran').toBe('nothing ran')
      expect(seen).toContain('modified src/b.txt')
    })
  })

  test('the trap itself works: plain git runs it', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const script = path.join(rig.dir, 'trap.sh')
      const trace = path.join(rig.dir, 'trace')
      fs.writeFileSync(script, `#!/bin/sh\necho ran >>${trace}\ncat\n`, { mode: 0o755 })
      rig.git(['config', 'core.fsmonitor', script])
      rig.git(['status'])
      expect(fs.existsSync(trace)).toBe(true)
    })
  })

  test('a git in the workspace, or in a relative directory, is not the git we call', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const fake = `#!/bin/sh\ntouch ${rig.dir}/trace\n`
      rig.write('bin/git', fake)
      fs.chmodSync(rig.path('bin/git'), 0o755)
      const gitPath = `${rig.root}/bin:bin::${process.env['PATH']}`
      const taken = await captureBaseline(rig.root, [], { ...rig.options, gitPath })
      expect(taken).toMatchObject({ ok: true, value: { kind: 'git' } })
      expect(fs.existsSync(`${rig.dir}/trace`)).toBe(false)
      const none = await captureBaseline(rig.root, [], { ...rig.options, gitPath: `${rig.root}/bin` })
      expect(none).toMatchObject({ ok: false, error: { code: 'git-not-found' } })
    })
  })

  test('GIT_ variables of the caller do not reach our git', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const before = await rig.baseline()
      rig.write('a.txt', 'other\n')
      const names = {
        GIT_DIR: '/nowhere',
        GIT_INDEX_FILE: '/nowhere',
        GIT_WORK_TREE: '/',
        GIT_CONFIG_COUNT: 'x',
        GIT_EXTERNAL_DIFF: '/bin/false',
      }
      const saved = { ...process.env }
      Object.assign(process.env, names)
      try {
        expect(changes(await rig.compare(before))).toEqual(['modified a.txt'])
      } finally {
        for (const name of Object.keys(names)) delete process.env[name]
        Object.assign(process.env, saved)
      }
    })
  })
})

describe('what cannot be read is said', () => {
  test.each(sampleOf(['.gitignore', 'src/.gitignore', 'src/.gitattributes'], 3))(
    'a FIFO as %s',
    async (name) => {
      await withRig(async (rig) => {
        rig.write('a.txt').write('src/b.txt').commitAll()
        const before = await rig.baseline()
        execFileSync('mkfifo', [rig.path(name)])
        rig.write('src/b.txt', 'more\r\n')
        const after = await compareWith(rig.root, [before], [], rig.options)
        // Attributes are read only where content must be converted: then the edit is seen, else the hang is named.
        if (after.ok) expect(changes(after.value)).toContain('modified src/b.txt')
        else expect(after.error).toMatchObject({ code: 'git-hangs', message: expect.stringContaining(name) })
        if (name.endsWith('.gitignore')) expect(after.ok).toBe(false)
      })
    },
  )

  test('a git that never answers', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      fs.mkdirSync(path.join(rig.dir, 'bin'))
      fs.writeFileSync(path.join(rig.dir, 'bin/git'), '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
      const options = { ...rig.options, gitPath: path.join(rig.dir, 'bin'), timeoutMs: 100 }
      expect(await captureBaseline(rig.root, [], options)).toMatchObject({
        ok: false,
        error: { code: 'git-timeout' },
      })
    })
  })

  test('a repository that is gone', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const before = await rig.baseline()
      fs.renameSync(rig.path('.git'), path.join(rig.dir, 'moved'))
      expect(await compareWith(rig.root, [before], [], rig.options)).toMatchObject({
        ok: false,
        error: { code: 'git-gone' },
      })
    })
  })

  test('the commit of a baseline without a list of its own is gone', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const before = { ...(await rig.reported()), commit: 'a'.repeat(40) } as Awaited<
        ReturnType<Rig['baseline']>
      >
      expect(await compareWith(rig.root, [before], [], rig.options)).toMatchObject({
        ok: false,
        error: { code: 'git-failed' },
      })
    })
  })
})
