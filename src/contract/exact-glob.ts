/** A path as a glob that means only it: its name may hold what a glob would take for something else. */
export function exactGlob(path: string): string {
  return path.replace(/[*?[\]{}()!+@|\\#]/g, '\\$&')
}
