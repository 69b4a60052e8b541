/** Longest text kept in a pin; longer values are compared by digest alone. Characters. */
const MAX_TEXT = 2000

/** Files that often hold tokens: pins go into the ledger and into words for the agent, so only harmless lines are kept as text. */
const SECRET_FILES =
  /(^|\/)(\.npmrc|\.yarnrc|\.yarnrc\.yml|bunfig\.toml|\.env[^/]*|gradle\.properties|settings\.xml|NuGet\.config|nuget\.config|auth\.json)$/
const HARMLESS_KEY =
  /^\s*(script-shell|scriptShell|node-options|nodeOptions|ignore-scripts|shell-emulator|enable-pre-post-scripts|yarn-path|yarnPath|nodeLinker|engine-strict|legacy-peer-deps|preload|bun|shell|org\.gradle\.jvmargs)\b/

/** Text of a pinned file for differences; null when it is too long to keep or is not text. Secrets are left out. */
export function safeText(rel: string, text: string | null): string | null {
  if (text === null || text.length > MAX_TEXT || text.includes('\0')) return null
  if (!SECRET_FILES.test(rel)) return text
  const harmless = text.split('\n').filter((line) => HARMLESS_KEY.test(line))
  return harmless.length === 0 ? null : harmless.join('\n')
}
