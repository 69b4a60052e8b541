import { type Html, html } from './html.ts'
import { reportStyle } from './report-style.ts'

/** First bytes of every report: a file that begins so is ours to write over. */
export const reportMark = '<!doctype html>\n<!-- autonomous-loop report -->\n'

/** One page that needs nothing else: no script, no network (its policy forbids both), every text escaped. */
export function reportPage(
  {
    title,
    version,
    records,
    style = '',
  }: {
    readonly title: string
    readonly version: string
    readonly records: number
    readonly style?: string
  },
  body: Html,
): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <title>${title}</title>
      <style>
        ${{ html: reportStyle + style }}
      </style>
    </head>
    <body>
      <main>
        <p class="soft">autonomous-loop report</p>
        ${body}
        <footer>
          Made by autonomous-loop ${version} from ${records} records of the ledger. It shows what was found
          then; nothing was looked at again.
        </footer>
      </main>
    </body>
  </html> `
  return reportMark + page.html
}
