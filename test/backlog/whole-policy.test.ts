import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readConfigText } from '../../src/definition/config-text.ts'
import { saveApproval } from '../../src/records/approvals.ts'
import { openPolicy } from '../../src/records/policy.ts'
import { openWholePolicy } from '../../src/records/whole-policy.ts'

test('what a hook accepted without reading its supervisor is read before a backlog is worked through', () => {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-policy-'))
  try {
    const home = path.join(root, 'home')
    const approve = (supervisor: object) => {
      fs.mkdirSync(path.join(root, '.codex'), { recursive: true })
      fs.writeFileSync(
        path.join(root, '.codex/autoloop.project.json'),
        JSON.stringify({ version: 2, commands: { t: ['true'] }, supervisor }),
      )
      const text = readConfigText(root)
      if (!text.ok) throw new Error(text.error.message)
      saveApproval(home, { v: 1, ...text.value, gatePath: '/usr/bin', at: 1 })
    }
    expect(openWholePolicy(home, root)).toMatchObject({ error: { code: 'config-missing' } })
    approve({ jobs: 'two' })
    expect(openPolicy(home, root).ok).toBe(true)
    expect(openWholePolicy(home, root)).toMatchObject({ error: { code: 'invalid-config' } })
    approve({ jobs: 2 })
    expect(openWholePolicy(home, root)).toMatchObject({ value: { config: { supervisor: { jobs: 2 } } } })
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
})
