/** The answer of a worker, as its form wants it. */
export const answer = (status: string, summary = ''): string =>
  JSON.stringify({ status, summary, proposal: null })
