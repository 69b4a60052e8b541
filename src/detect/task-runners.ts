import { ok } from '../base/result.ts'
import { quoted } from './found.ts'
import { RepoFiles } from './files.ts'
import { chooseStandard } from './script-choice.ts'
import type { Detector, Script, ScriptSource } from './detection.ts'

/** Recipes of the justfile in the root. */
export const just: Detector = {
  name: 'just',
  prefix: 'just',
  scripts: ({ root }) => readJustfile(new RepoFiles(root)),
  detect({ root }) {
    const source = readJustfile(new RepoFiles(root))
    return ok(source === null ? null : chooseStandard('just', source))
  },
}

/** Tasks of the Taskfile in the root. */
export const task: Detector = {
  name: 'task',
  prefix: 'task',
  scripts: ({ root }) => readTaskfile(new RepoFiles(root)),
  detect({ root }) {
    const source = readTaskfile(new RepoFiles(root))
    return ok(source === null ? null : chooseStandard('task', source))
  },
}

function readJustfile(look: RepoFiles): ScriptSource | null {
  const file = look.first('justfile', 'Justfile', '.justfile', 'JUSTFILE')
  const text = file === undefined ? null : look.text(file)
  if (file === undefined || text === null) return null
  const rules = new Map<string, { needs: string[]; needsArguments: boolean; body: string[] }>()
  let current: { body: string[] } | null = null
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    if (/^[ \t]+\S/.test(line)) {
      current?.body.push(line.trim().replace(/^[@-]+/, ''))
      continue
    }
    const rule = /^@?([A-Za-z_][\w-]*)((?:[ \t]+[+*$]?[A-Za-z_][\w-]*(?:=\S+)?)*)[ \t]*:(?!=)([^#]*)/.exec(
      line,
    )
    if (rule === null || /^(?:set|alias|export|import|mod)\b/.test(line)) {
      if (line.trim() !== '' && !line.startsWith('#') && !line.startsWith('[')) current = null
      continue
    }
    const [, name = '', parameters = '', needs = ''] = rule
    const made = {
      needs: needs.match(/[A-Za-z_][\w-]*/g) ?? [],
      // `*rest` may be empty; a name alone has to be given.
      needsArguments: parameters
        .split(/\s+/)
        .some((one) => one !== '' && !one.startsWith('*') && !one.includes('=')),
      body: [],
    }
    rules.set(name, made)
    current = made
  }
  const scripts = new Map<string, Script>()
  for (const [name, rule] of rules) {
    const inner = rule.body.flatMap((line) =>
      [...line.matchAll(/\bjust +([\w-]+)/g)].map((match) => match[1] as string),
    )
    scripts.set(name, {
      text: rule.body.join('\n'),
      calls: [...rule.needs, ...inner].filter((one) => rules.has(one)),
      evidence: quoted(`recipe ${name}: ${[...rule.needs, ...rule.body].join('; ')}`),
      unusable: rule.needsArguments
        ? 'it wants arguments'
        : rule.body.length + rule.needs.length === 0
          ? 'it does nothing'
          : null,
    })
  }
  return { file, kind: 'recipe', scripts, argv: (name) => ['just', name] }
}

const TASKFILES = ['Taskfile', 'taskfile'].flatMap((name) =>
  ['.yml', '.yaml', '.dist.yml', '.dist.yaml'].map((end) => name + end),
)

function readTaskfile(look: RepoFiles): ScriptSource | null {
  const file = look.first(...TASKFILES)
  const text = file === undefined ? null : look.text(file)
  if (file === undefined || text === null) return null
  const blocks = new Map<string, string[]>()
  let indent: number | null = null
  let inTasks = false
  let current: string[] | null = null
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue
    const depth = line.search(/\S/)
    if (depth === 0) {
      inTasks = /^tasks:\s*(?:#.*)?$/.test(line)
      indent = current = null
      continue
    }
    if (!inTasks) continue
    indent ??= depth
    const key = depth === indent ? /^\s*["']?([\w:.-]+?)["']?:(?:\s+(.*))?$/.exec(line) : null
    if (key === null) current?.push(line.slice(indent))
    else
      blocks.set(
        key[1] as string,
        (current = key[2] === undefined || key[2] === '' ? [] : [`cmd: ${key[2]}`]),
      )
  }
  const scripts = new Map<string, Script>()
  for (const [name, lines] of blocks) {
    const body = lines.join('\n')
    const steps = lines.map((line) =>
      line
        .trim()
        .replace(/^- /, '')
        .replace(/^(?:cmd|sh):\s*/, ''),
    )
    const calls = [
      ...[...body.matchAll(/\btask:\s*["']?([\w:.-]+)/g)].map((match) => match[1] as string),
      ...(/^\s*deps:\s*\[([^\]]*)\]/m.exec(body)?.[1]?.match(/[\w:.-]+/g) ?? []),
      ...steps,
    ].filter((one) => one !== name && blocks.has(one))
    scripts.set(name, {
      text: steps
        .filter((step) => !/^\w+:(?:\s|$)/.test(step))
        .map(unquoted)
        .join('\n'),
      calls,
      evidence: `tasks.${name}${steps.length === 0 ? '' : `: ${quoted(steps.join('; '))}`}`,
      unusable: steps.length === 0 ? 'it does nothing' : null,
      // With sources or a status, Task runs nothing when its own notes in the workspace say "up to date".
      ...(/^\s*(?:sources|status):/m.test(body) ? { argv: ['task', '--force', name] } : {}),
    })
  }
  return { file, kind: 'task', scripts, argv: (name) => ['task', name] }
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text
}
