#!/usr/bin/env node
// Works by a script: {"<item>": [turn, …]}, each turn a list of steps. Every start is logged.
import { spawn, execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const [script, log] = process.argv.slice(2)
const env = (name) => process.env[`AUTONOMOUS_LOOP_${name}`] ?? ''
const item = env('ITEM')
const prompt = fs.readFileSync(env('PROMPT_FILE'), 'utf8')
const turns = JSON.parse(fs.readFileSync(script, 'utf8'))[item] ?? []
const nth = (Number(env('ATTEMPT')) - 1) * 100 + Number(env('TURN'))
const before = log && fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\n') : []
const starts = before.filter((line) => line !== '' && JSON.parse(line).item === item).length + 1
// The goal of an iteration is the first line that is quoted.
const goal = `goal:${/^> (.*)$/m.exec(prompt)?.[1] ?? ''}`
const exact =
  turns.find((one) => one.start === starts) ??
  turns.find((one) => one.at === `${env('ATTEMPT')}.${env('TURN')}` || one.at === goal)
const turn = exact ??
  turns.filter((one) => one.at === undefined && one.start === undefined)[Number(env('TURN')) - 1] ??
  turns.at(-1) ?? { steps: [] }
if (log)
  try {
    fs.appendFileSync(
      log,
      `${JSON.stringify({ item, attempt: Number(env('ATTEMPT')), turn: Number(env('TURN')), nth, pid: process.pid, effort: env('EFFORT'), prompt })}\n`,
    )
  } catch {}

const put = (file, text) => {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}
for (const step of turn.steps ?? []) {
  if (step.write) put(step.write, step.text ?? '')
  if (step.append) fs.appendFileSync(step.append, step.text ?? '')
  if (step.remove) fs.rmSync(step.remove, { recursive: true, force: true })
  if (step.move) fs.renameSync(step.move, step.to)
  if (step.link) fs.symlinkSync(step.to, step.link)
  if (step.sh) {
    try {
      execFileSync('sh', ['-c', step.sh], { stdio: 'inherit' })
    } catch (error) {
      if (!step.may) process.stderr.write(`${String(error)}\n`)
    }
  }
  if (step.spawn) spawn('sh', ['-c', step.spawn], { detached: true, stdio: 'ignore' }).unref()
  if (step.ms) await new Promise((resolve) => setTimeout(resolve, step.ms))
}
if (turn.answer !== undefined)
  put(
    env('RESULT_FILE'),
    typeof turn.answer === 'string' ? turn.answer : JSON.stringify({ summary: '', ...turn.answer }),
  )
process.exitCode = turn.exit ?? 0
