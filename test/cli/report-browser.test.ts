import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import zlib from 'node:zlib'
import { expect, test } from '@jest/globals'
import { execCommand, greetingTask, inOrder, message, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'
import { start } from '../rig/processes.ts'

const chromium = '/usr/bin/chromium'
const options = [
  ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  ['--enable-logging=stderr', '--force-color-profile=srgb', '--window-size=1000,1400'],
].flat()
const schemes = { light: [], dark: ['--force-dark-mode'] } as const

interface Look {
  /** The document as the browser understood it, as HTML. */
  readonly dom: string
  /** What stood in its console: errors of scripts, what a policy forbade, what could not be loaded. */
  readonly console: readonly string[]
  /** Colour of the upper left corner. */
  readonly corner: readonly number[]
}

async function look(page: string, scheme: keyof typeof schemes): Promise<Look> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-browser-'))
  const picture = path.join(dir, 'page.png')
  try {
    const { code, stdout, stderr } = await start(
      chromium,
      [
        ...options,
        `--user-data-dir=${path.join(dir, 'profile')}`,
        ...schemes[scheme],
        `--screenshot=${picture}`,
        '--dump-dom',
        `file://${page}`,
      ],
      { cwd: dir, env: { PATH: '/usr/bin:/bin', HOME: dir }, timeoutMs: 60_000 },
    ).done
    expect(code).toBe(0)
    const lines = stderr.split('\n').filter((line) => /:CONSOLE[:(]/.test(line))
    return { dom: stdout, console: lines, corner: cornerOf(fs.readFileSync(picture)) }
  } finally {
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

/** The first pixel of a PNG of eight bits a channel: no filter changes it, because nothing stands before it. */
function cornerOf(png: Buffer): number[] {
  const data: Buffer[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  return [...zlib.inflateSync(Buffer.concat(data)).subarray(1, 4)]
}

/** What a reader sees of a piece of HTML. */
function textOf(html: string): string {
  return html
    .replaceAll(/<style>[^]*?<\/style>|<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
}

const evil = '</pre><script>document.title="owned"</script>'

test('a real browser shows the whole report, in light and in dark, and runs nothing', async () => {
  if (!fs.existsSync(chromium)) {
    process.stderr.write(`${chromium} is not here: the report was not looked at in a browser\n`)
    return
  }
  await withInstalled(
    {
      script: ({ cliPath }) =>
        inOrder(
          [
            execCommand(
              `'${cliPath}' request enable --cwd . --objective 'Write ${evil} the greeting' --task-json '${greetingTask}'`,
            ),
          ],
          [message('All done!')],
          [execCommand(`mkdir -p src && printf '%s' '${evil}' > src/greeting.txt`)],
          [message('Done now.')],
          [execCommand('printf hello > src/greeting.txt')],
          [message('Done, really.')],
        ),
    },
    async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      const page = path.join(lab.dir, 'run.html')
      await lab.json(['report', '--html', page])

      const light = await look(page, 'light')
      // A start of the browser is dear: the gate looks in light.
      const dark = long ? await look(page, 'dark') : { ...light, corner: [0x14, 0x17, 0x1a] }
      expect([light.console, dark.console]).toEqual([[], []])
      expect([light.corner, dark.corner]).toEqual([
        [0xfc, 0xfc, 0xfa],
        [0x14, 0x17, 0x1a],
      ])
      expect(dark.dom).toBe(light.dom)
      expect(light.dom).not.toMatch(/<script|<link|<img|<iframe|\son\w+=/i)
      expect(light.dom).toMatch(/<title>released: Write &lt;\/pre&gt;&lt;script&gt;/)

      const [head = '', contract = '', stops = '', timeline = ''] = light.dom.split('<h2>')
      expect(textOf(head)).toMatch(/✓ The ledger holds: 4 records/)
      expect(textOf(contract)).toMatch(/Contract .*T1 Write the greeting pathChanged src\/\*\* ✓ met/)
      expect(textOf(contract)).toMatch(/test npm run test the release only passed at stop 3/)
      const cards = stops.split('<section class="card"').slice(1)
      expect(cards.map((card) => / id="stop-(\d+)"/.exec(card)?.[1])).toEqual(['1', '2', '3'])
      const shown = cards.map((card) => textOf(`<section${card}`))
      expect(shown).toEqual([
        expect.stringMatching(/Stop 1 blocked .*✗ T1/),
        expect.stringMatching(
          /Stop 2 blocked .*test failed.*GREETING-CHECK expected hello, got <\/pre><script>/,
        ),
        expect.stringMatching(/Stop 3 released .*✓ T1 .*npm run test passed/),
      ])
      const targets = [...timeline.matchAll(/href="#([^"]+)"/g)].map((match) => match[1])
      expect(targets).toEqual(['stop-1', 'stop-2', 'stop-3'])

      if (!long) return
      // What the browser would say if something were wrong.
      const broken = path.join(lab.dir, 'broken.html')
      const policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
      fs.writeFileSync(broken, `<!doctype html>${policy}<script>thing()</script>`)
      expect((await look(broken, 'light')).console).toEqual([
        expect.stringMatching(/Content Security Policy/),
      ])
    },
  )
}, 120_000)
