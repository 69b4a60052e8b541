import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import { makeWorld } from './world.ts'

/** Takes a write lease on every file named and never gives one back: whoever opens it waits until the kernel breaks it. */
const holder = `use Fcntl; $SIG{IO} = 'IGNORE'; $| = 1;
for (@ARGV) { open(my $f, '+<', $_) or die; fcntl($f, 1024, 1) or die "no lease: $!"; push @all, $f }
print "held\\n"; sleep 600`

const linux = process.platform === 'linux' ? test : test.skip

linux(
  'leases on files that git must read: the prompt says in time that nothing is armed',
  async () => {
    const world = makeWorld()
    const names = ['.gitignore', 'README.md']
    world.write('.gitignore', 'none\n')
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', ...args], {
        cwd: world.repo,
      })
    git('add', '-A')
    git('commit', '-q', '-m', 'more')
    await world.call('session-start')
    // Other times than the index knows: git has to look into them.
    execFileSync('touch', ['-d', '2001-01-01', ...names], { cwd: world.repo })
    const held = spawn('perl', ['-e', holder, ...names], {
      cwd: world.repo,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(held.stdout, 'data')
      const said = await world.call('user-prompt-submit', {
        more: { prompt: '$autonomous-loop Make it right' },
      })
      expect(said).toMatchObject({ kind: 'context', code: 0 })
      expect(said.text).toMatch(/NOT armed.*git ls-files did not end/)
      expect(world.state().runs).toEqual([])
    } finally {
      held.kill('SIGKILL')
      world.remove()
    }
  },
  180_000,
)
