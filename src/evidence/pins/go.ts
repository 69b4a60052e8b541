import { fileRules } from './file-rules.ts'

/** Go: a go.work that appears changes which modules are tested; linters by their configuration. */
export const go = fileRules('go', [
  {
    programs: ['go', 'gotestsum', 'gofumpt', 'staticcheck'],
    files: ['go.work', 'go.env', 'staticcheck.conf'],
  },
])
