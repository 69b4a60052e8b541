import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type Answer, greetingProject, message, withLab } from '../rig/installed.ts'

test('where home and repository need quotes, every command that is named works as typed', async () => {
  await withLab({ repoFiles: greetingProject, script: () => [message('nobody asks')] }, async (lab) => {
    const codexHome = path.join(lab.userHome, `it's a "dir" $x`)
    const repo = path.join(lab.dir, "my repo's (x)")
    fs.mkdirSync(codexHome)
    fs.cpSync(lab.repo, repo, { recursive: true })
    const bin = path.join(codexHome, 'autoloop', 'bin')
    const env = lab.env({ CODEX_HOME: codexHome })
    const cli = async (...words: string[]): Promise<Answer> =>
      JSON.parse((await lab.cli(words, { cwd: repo, env: { CODEX_HOME: codexHome } })).stdout)
    const typed = (command: string) => {
      const done = spawnSync('/bin/sh', ['-c', command], {
        cwd: lab.dir,
        env: { ...env, PATH: `${bin}:${env['PATH']}` },
        encoding: 'utf8',
      })
      return [done.status, done.stderr]
    }
    const session = randomUUID()
    const hook = (event: string, more: object): Answer => {
      const payload = {
        session_id: session,
        turn_id: 't',
        transcript_path: null,
        cwd: repo,
        model: 'm',
        ...more,
      }
      const done = spawnSync(path.join(bin, 'hook'), [event], {
        input: JSON.stringify(payload),
        env,
        cwd: repo,
      })
      return JSON.parse(done.stdout.toString())
    }

    expect((await cli('bootstrap')).ok).toBe(true)
    const planned = await cli('install-repo', '--repo', repo, '--dry-run')
    expect(typed(planned.next[0])).toEqual([0, ''])

    const none = await cli('pause', '--cwd', repo)
    expect([none.error_code, ...typed(none.remediation)]).toEqual(['no-run', 0, ''])

    const config = path.join(repo, '.codex/autoloop.project.json')
    fs.appendFileSync(config, '\n')
    const unapproved = await cli(
      'request',
      'enable',
      '--cwd',
      repo,
      '--session-id',
      session,
      '--objective',
      'x',
    )
    expect([unapproved.error_code, ...typed(unapproved.remediation)]).toEqual(['config-unapproved', 0, ''])

    const armed = hook('user-prompt-submit', {
      hook_event_name: 'UserPromptSubmit',
      permission_mode: 'default',
      prompt: '$autonomous-loop Write the greeting',
    })
    const told: string = armed.hookSpecificOutput.additionalContext
    const look = /Look with: (.*? status)\. /.exec(told)?.[1] ?? 'false'
    expect(typed(look)).toEqual([0, ''])
    const enable = /in one call: (.*?) request enable/.exec(told)?.[1] ?? 'false'
    expect(typed(`${enable} status`)).toEqual([0, ''])

    const stopped = hook('stop', {
      hook_event_name: 'Stop',
      permission_mode: 'default',
      stop_hook_active: false,
      last_assistant_message: 'Done.',
    })
    const ask = /only a person can help, run: (.*?) request wait/.exec(stopped.reason)?.[1] ?? 'false'
    expect(typed(`${ask} status`)).toEqual([0, ''])

    const instructions = await cli('agent-instructions', '--cwd', repo)
    expect(instructions.cli).toBe(path.join(bin, 'autonomous-loop'))
    const check = /any time: (.*?) check\. /.exec(instructions.checklist.join('\n'))?.[1] ?? 'false'
    expect(typed(`${check} status`)).toEqual([0, ''])
  })
})
