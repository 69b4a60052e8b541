import path from 'node:path'
import { shellQuote, shellWord } from '../base/shell-word.ts'
import type { HookEvent, Host } from '../codex/types.ts'

/** What a rendered shim knows for good. All paths absolute. */
export interface ShimPaths {
  /** The node executable that bootstrap ran with. */
  readonly node: string
  /** AUTONOMOUS_LOOP_HOME; handed on to what the shim starts, so that a stray variable cannot move it. */
  readonly home: string
  readonly codexHome: string
  /** Our version; names the directory below `home/bin`. */
  readonly version: string
  /** Owner of the home; names the default spool directory. */
  readonly uid: number
}

/** The word each hook event has on the shim's command line. */
export const SHIM_EVENTS: Readonly<Record<HookEvent, string>> = {
  Stop: 'stop',
  SessionStart: 'session-start',
  UserPromptSubmit: 'user-prompt-submit',
  PostToolUse: 'post-tool-use',
  SubagentStart: 'subagent-start',
  SubagentStop: 'subagent-stop',
}

/** Where the agent's requests of one session lie unless its live record says otherwise. Not configurable: the shim has it baked in. */
export function defaultSpoolRoot(uid: number): string {
  return `/tmp/autoloop-${uid}`
}

/** `home/bin/<version>`: everything of one version, laid out as in `planFiles`. */
export function versionDirectory(home: string, version: string): string {
  return path.join(home, 'bin', version)
}

/** The shim of the hooks, and the absolute command line; their paths outlive every upgrade. */
export function shimPath(home: string): string {
  return path.join(home, 'bin', 'hook')
}
export function cliShimPath(home: string): string {
  return path.join(home, 'bin', 'autonomous-loop')
}

/** The command string in hooks.json. Codex's trust is bound to it, so it never changes for one home. In Claude Code's settings a word more. */
export function hookCommand(home: string, event: HookEvent, host: Host = 'codex'): string {
  const own = `${shellQuote(shimPath(home))} ${SHIM_EVENTS[event]}`
  return host === 'codex' ? own : `${own} ${host}`
}

/** Claude Code tells of changed settings, which could switch hooks off: the shim alone answers. */
export function configChangeCommand(home: string): string {
  return `${shellQuote(shimPath(home))} config-change claude`
}

/** Fills the template hooks/hook.sh. */
export function renderHookShim(template: string, paths: ShimPaths): string {
  const { node, home, codexHome, version, uid } = paths
  return fillShim(template, {
    VERSION: version,
    NODE: shellQuote(node),
    BUNDLE: shellQuote(path.join(versionDirectory(home, version), 'hook.cjs')),
    HOME: shellQuote(home),
    CODEX_HOME: shellQuote(codexHome),
    SPOOL: shellQuote(defaultSpoolRoot(uid)),
    TOOL: shellQuote(shellWord(cliShimPath(home))),
    NODE_JSON: shellQuote(insideJson(node)),
    HOME_JSON: shellQuote(insideJson(home)),
    TOOL_JSON: shellQuote(insideJson(shellWord(cliShimPath(home)))),
  })
}

/** Fills the template hooks/cli.sh. */
export function renderCliShim(template: string, paths: ShimPaths): string {
  const { node, home, codexHome, version } = paths
  return fillShim(template, {
    VERSION: version,
    NODE: shellQuote(node),
    MAIN: shellQuote(path.join(versionDirectory(home, version), 'cli', 'main.js')),
    HOME: shellQuote(home),
    CODEX_HOME: shellQuote(codexHome),
  })
}

/** Left at the shim's path by uninstall: threads that still run keep calling it. */
export function renderStubShim(): string {
  return [
    '#!/bin/sh',
    '# autonomous-loop is no longer installed; this answers threads of Codex that were started before.',
    "trap 'exit 0' 0",
    'exec 2>/dev/null',
    'PATH=/usr/bin:/bin',
    'cat >/dev/null',
    '',
  ].join('\n')
}

function insideJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Puts raw shell text for each `@NAME@` of a template. */
export function fillShim(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/@([A-Z_]+)@/g, (whole, name: string) => values[name] ?? whole)
}
