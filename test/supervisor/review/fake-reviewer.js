#!/usr/bin/env node
// Answers by a script: a list, one entry for each start, the last one repeats. Every start is logged.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'

const [script, log] = process.argv.slice(2)
const env = (name) => process.env[`AUTONOMOUS_LOOP_${name}`] ?? ''
const prompt = fs.readFileSync(env('PROMPT_FILE'), 'utf8')
const lines = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) : []
const turns = JSON.parse(fs.readFileSync(script, 'utf8'))
// Else by item, and the one for all others is `*`.
const list = Array.isArray(turns) ? turns : (turns[env('ITEM')] ?? turns['*'])
const before = Array.isArray(turns)
  ? lines.length
  : lines.filter((line) => JSON.parse(line).item === env('ITEM')).length
const turn = list[Math.min(before, list.length - 1)]
const began = Date.now()
fs.appendFileSync(
  log,
  `${JSON.stringify({ role: env('ROLE'), item: env('ITEM'), effort: env('EFFORT'), cwd: process.cwd(), here: fs.readdirSync('.'), pid: process.pid, began, prompt })}\n`,
)
if (turn.sh) {
  try {
    const [after] = /- With the change: (.*)/.exec(prompt)?.slice(1) ?? ['']
    execFileSync('sh', ['-c', turn.sh], { stdio: 'inherit', env: { ...process.env, AFTER: after } })
  } catch {}
}
if (turn.answer !== undefined)
  fs.writeFileSync(
    env('RESULT_FILE'),
    typeof turn.answer === 'string'
      ? turn.answer
      : JSON.stringify('verdict' in turn.answer ? { findings: [], ...turn.answer } : turn.answer),
  )
process.exitCode = turn.exit ?? 0
