/** What these sources say of the gates: each was broken in a copy, and every gate passed. */
export function unnoticedWords(files: readonly string[]): string {
  return `these gates do not notice a broken source (each was broken in a copy): ${files.join(', ')}`
}
