import { join, programOf } from '../collection.ts'
import { type MakeRules, madeFor, parseMakeRules } from '../make-rules.ts'
import { type Taking, madeOf, takeText } from './pieces.ts'
import type { CommandSteps, Step } from '../../contract/steps.ts'

/** Directives that make more of a makefile than rules and variables. */
const LOGIC =
  /^ *(?:-?include|sinclude|ifeq|ifneq|ifdef|ifndef|else|endif|define|endef|override define|vpath|load|undefine)\b|^\.(?:ONESHELL|POSIX|SECONDEXPANSION|IGNORE|RECIPEPREFIX|SHELLFLAGS)\b|^[^\t#=]*%[^=]*:|::|\bMAKECMDGOALS\b|\bMAKELEVEL\b/m
/** Automatic variables, and functions of make. */
const ASKS_MAKE = /\$[@<^+?*%|]|\$[({](?:[@<^+?*%|]|[\w-]+[\s,])|\$[({]MAKE[)}]|\bmake\b/
/** Begins with a dot, so that no make that a recipe starts takes it for its goal. */
const TARGET = '.autoloop-step'

/**
 * Plain lines of phony targets, in the order in which make runs them. Each runs through make itself as a line of a target of
 * ours, so that variables, `export` and `SHELL` mean what they mean in that makefile.
 */
export function makeSteps(argv: readonly string[], dir: string, taking: Taking): CommandSteps {
  const { workspace } = taking
  const file = ['GNUmakefile', 'makefile', 'Makefile'].find((name) => workspace.exists(join(dir, name)))
  const text = file === undefined ? null : workspace.text(join(dir, file))
  if (text === null) return { kind: 'one' }
  const words = argv.slice(1)
  const options = words.filter((word) => /^(?:-s|--silent|--no-print-directory|[A-Z_]+=[\w./-]*)$/.test(word))
  const asked = words.filter((word) => /^[A-Za-z][\w.-]*$/.test(word))
  const joined = text.replace(/\\\r?\n[ \t]*/g, ' ')
  if (options.length + asked.length !== words.length || LOGIC.test(joined))
    return { kind: 'mixed', why: 'make' }
  const rules = parseMakeRules(joined)
  const lines = linesOf(asked.length > 0 ? asked : rules.goal === null ? [] : [rules.goal], rules)
  if (lines === null) return { kind: 'mixed', why: 'make' }
  const steps: Step[] = []
  for (const line of lines) {
    const made = lineSteps(line, joined, [argv[0] ?? programOf(argv), ...options], dir, taking)
    if (made === null) return { kind: 'mixed', why: 'make' }
    steps.push(...made)
  }
  return madeOf(steps)
}

/** Recipe lines of the goals and of what they rest on; null when make would decide anything about them. */
function linesOf(goals: readonly string[], rules: MakeRules): string[] | null {
  const lines: string[] = []
  const seen = new Set<string>()
  const visit = (name: string): boolean => {
    if (seen.has(name)) return true
    seen.add(name)
    const rule = rules.targets.get(name)
    if (rule === undefined || rules.phony?.has(name) !== true || madeFor([name], rules).size > 50)
      return false
    if (!rule.prerequisites.every(visit)) return false
    lines.push(...rule.recipe)
    return true
  }
  return goals.every(visit) ? lines : null
}

function lineSteps(
  line: string,
  makefile: string,
  make: readonly string[],
  dir: string,
  taking: Taking,
): Step[] | null {
  const [, signs = '', raw = ''] = /^\s*([@+-]*)\s*(.*)$/s.exec(line) ?? []
  // In braces a variable is not taken for a substitution of the shell.
  const text = raw.replace(/\$\(([\w.-]+)\)/g, '${$1}').trim()
  if (text === '') return []
  if (/[+-]/.test(signs) || ASKS_MAKE.test(text) || text.includes('\r') || !plainVariables(text, makefile))
    return null
  const pieces = takeText(text, dir, taking, { errexit: false, shadowed: () => true })
  if (!Array.isArray(pieces)) return null
  return pieces.flatMap((piece): Step[] =>
    'step' in piece
      ? []
      : [
          {
            kind: 'argv',
            argv: [...make, `--eval=.PHONY: ${TARGET}\n${TARGET}:\n\t@${piece.text}`, TARGET],
            cwd: dir,
            label: piece.text,
            ...(piece.mixed === undefined ? {} : { mixed: piece.mixed }),
          },
        ],
  )
}

/** A variable may hold a chain of its own, and one that holds for a single target would be lost. */
function plainVariables(text: string, makefile: string): boolean {
  if (/^[^\t#=:]+:[^=\n]*\w\s*[:?+!]?=/m.test(makefile)) return false
  return [...text.matchAll(/(?<!\$)\$(?:\{([\w.-]+)\}|(\w))/g)].every(([, long, short]) => {
    const name = (long ?? short ?? '').replaceAll('.', '\\.')
    const values = [
      ...makefile.matchAll(new RegExp(`^(?:export |override )?${name} ?[:?+!]{0,3}=(.*)$`, 'gm')),
    ]
    return values.every(([, value = '']) => !/[;&|`#]|\$[({][\w-]+[\s,]/.test(value))
  })
}
