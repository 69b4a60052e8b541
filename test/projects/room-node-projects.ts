import { npmRegistry, ownPackage } from './npm-registry.ts'
import { npmProject } from './project.ts'
import { type RoomProject, nodeTest } from './room-project.ts'

/** What the two private registries serve: one of the packages has an install script. */
const own = [
  ownPackage(
    { name: '@acme/tax', version: '2.1.0', main: 'index.js', dependencies: { '@acme/rates': '^1.0.0' } },
    { 'index.js': "exports.gross = (net) => net * (1 + require('@acme/rates').normal)\n" },
  ),
  ownPackage(
    {
      name: '@acme/rates',
      version: '1.0.3',
      main: 'index.json',
      scripts: { install: 'node build.js' },
    },
    { 'build.js': "require('node:fs').writeFileSync('index.json', JSON.stringify({ normal: 0.5 }))\n" },
  ),
  ownPackage(
    { name: '@acme/late', version: '1.0.0', main: 'index.js' },
    { 'index.js': 'exports.late = true\n' },
  ),
]

const invoice = (sum: string): string =>
  `const { gross } = require('@acme/tax')\nexports.total = (items) => items.reduce((sum, net) => ${sum}, 0)\n`

const shop = {
  serve: (token: string) => npmRegistry(own, token),
  person: 'npm install --no-audit --no-fund @acme/tax@2.1.0',
  bug: { file: 'src/invoice.js', text: invoice('sum + net') },
  reason: /the gross total/,
} as const
const shopFiles = (...more: readonly string[]): Readonly<Record<string, string>> => ({
  ...npmProject('invoices', 'node --test test/'),
  'src/invoice.js': invoice('sum + gross(net)'),
  'test/invoice.test.js': nodeTest(
    'an invoice has tax',
    ...more,
    "assert.equal(require('../src/invoice').total([10, 20]), 45, 'the gross total')",
  ),
})

const rate = (text: string): string => `exports.twice = () => 2 * (${text})\n`

const greeting = (word: string): string => `${JSON.stringify({ hello: word })}\n`
const generator = `const fs = require('node:fs')
const { hello } = JSON.parse(fs.readFileSync('messages.json', 'utf8'))
fs.mkdirSync('generated', { recursive: true })
fs.writeFileSync('generated/messages.js', 'exports.hello = (name) => ' + JSON.stringify(hello) + " + ' ' + name\\n")
`

const member = (name: string, more: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify({ name, version: '1.0.0', main: 'index.js', scripts: { test: 'node --test' }, ...more }, null, 2)}\n`
const net = (sum: string): string => `exports.net = (gross) => ${sum}\n`
const depends = (name: string, version: string): string =>
  `node -e "const fs = require('fs'); const file = 'packages/cart/package.json'; const json = JSON.parse(fs.readFileSync(file)); json.dependencies['${name}'] = '${version}'; fs.writeFileSync(file, JSON.stringify(json, null, 2) + '\\n')"`

const render = (tag: string): string => `exports.render = (text) => '<${tag}>' + text + '</${tag}>\\n'\n`
const snapshots = `const fs = require('node:fs')
const { test } = require('node:test')
const { render } = require('../src/render')
for (const name of ['one', 'two'])
  test(name, () => {
    const file = 'test/snapshots/' + name + '.html'
    const now = render(fs.readFileSync('src/' + name + '.txt', 'utf8').trim())
    if (fs.readFileSync(file, 'utf8') !== now) fs.writeFileSync(file, now)
  })
`

/** What projects of Node have beside their sources. */
export const roomNodeProjects: readonly RoomProject[] = [
  {
    ...shop,
    name: 'a private registry with a token in ~/.npmrc',
    short: true,
    files: shopFiles(),
    home: {
      '.npmrc':
        '@acme:registry=http://127.0.0.1:@PORT@/\n//127.0.0.1:@PORT@/:_authToken=@TOKEN@\nupdate-notifier=false\n',
    },
    prepare: ['npm ci --ignore-scripts, full', 'npm rebuild @acme/rates, full'],
    layers: [2, 2],
  },
  {
    ...shop,
    name: 'a private registry with a token in a variable',
    files: {
      ...shopFiles("assert.equal(process.env.NPM_TOKEN, undefined, 'the token is not for gates')"),
      '.npmrc':
        '@acme:registry=http://127.0.0.1:@PORT@/\n//127.0.0.1:@PORT@/:_authToken=${NPM_TOKEN}\nupdate-notifier=false\n',
    },
    env: { NPM_TOKEN: '@TOKEN@' },
    said: 'a secret: ',
    prepare: [
      'sh -c echo "a" "secret: $NPM_TOKEN", none',
      'npm ci --ignore-scripts, full',
      'npm rebuild @acme/rates, full',
    ],
    notes: [
      /no clean room for these gates: prepare\[0\] \(npm ci --ignore-scripts\)[^]*E401/,
      /may need NPM_TOKEN.*"prepare": \[{"argv":\["npm","ci","--ignore-scripts"\],"network":"full","secrets":\["NPM_TOKEN"\]},{"argv":\["npm","rebuild","@acme\/rates"\],"network":"full"}\]/,
    ],
    edit: {
      why: 'a secret, which only a person gives',
      before: { test: 'in-place, loopback' },
      change: (config) => ({
        ...config,
        prepare: [
          // What it says is on record; the token in it is not.
          { argv: ['sh', '-c', 'echo "a" "secret: $NPM_TOKEN"'], secrets: ['NPM_TOKEN'] },
          { argv: ['npm', 'ci', '--ignore-scripts'], network: 'full', secrets: ['NPM_TOKEN'] },
          { argv: ['npm', 'rebuild', '@acme/rates'], network: 'full' },
        ],
      }),
    },
  },
  {
    name: 'settings in .env, which git ignores',
    files: {
      ...npmProject('rates', 'node --env-file=.env --test test/'),
      '.gitignore': 'node_modules\n.env\n',
      'src/rate.js': rate('Number(process.env.RATE)'),
      'test/rate.test.js': nodeTest(
        'the rate',
        "assert.equal(require('../src/rate').twice(), 14, 'twice the rate')",
      ),
    },
    person: 'echo RATE=7 > .env',
    notes: [
      /^no gate passes in the clean room/,
      /^test passes in place only\. In the clean room: /,
      /^test passes in the clean room too with \.env, .*"copy": \["\.env"\]/,
    ],
    edit: {
      why: 'an ignored file, which only a person gives to the room',
      before: { test: 'in-place, loopback' },
      change: (config) => ({ ...config, copy: ['.env'] }),
    },
    bug: { file: 'src/rate.js', text: rate('Number(process.env.RATE) + 1') },
    reason: /twice the rate/,
  },
  {
    name: 'generated code, made by prepare',
    files: {
      ...npmProject('messages', 'node --test test/'),
      '.gitignore': 'node_modules\ngenerated\n',
      'scripts/generate.js': generator,
      'messages.json': greeting('Hello'),
      'test/messages.test.js': nodeTest(
        'greets',
        "assert.equal(require('../generated/messages').hello('Ann'), 'Hello Ann', 'the greeting')",
      ),
    },
    person: 'node scripts/generate.js',
    prepare: ['node scripts/generate.js, none'],
    notes: [
      /^no gate passes in the clean room/,
      /^test passes in place only\.[^]*The room does not have generated\./,
      // What lies there already is tested in the copy too.
      /^these gates do not notice a broken source: .*scripts\/generate\.js$/,
    ],
    edit: {
      why: 'nothing but the person knows what makes the code',
      before: { test: 'in-place, loopback' },
      change: (config) => ({ ...config, prepare: [{ argv: ['node', 'scripts/generate.js'] }] }),
    },
    bug: { file: 'messages.json', text: greeting('Bye') },
    // What lies in the workspace was not made again by the repair, and does not count.
    reason: /'Bye Ann' !== 'Hello Ann'|the greeting/,
  },
  {
    name: 'a monorepo of npm workspaces',
    serve: () => npmRegistry(own),
    files: {
      'package.json': `${JSON.stringify({ name: 'root', private: true, workspaces: ['packages/*'], scripts: { test: 'npm test --workspaces' } }, null, 2)}\n`,
      '.gitignore': 'node_modules\n',
      '.npmrc': 'registry=http://127.0.0.1:@PORT@/\nupdate-notifier=false\n',
      'packages/price/package.json': member('price'),
      'packages/price/index.js': net('gross / 1.5'),
      'packages/price/test/price.test.js': nodeTest(
        'net',
        "assert.equal(require('..').net(150), 100, 'the net price')",
      ),
      'packages/cart/package.json': member('cart', {
        dependencies: { price: '1.0.0', '@acme/tax': '2.1.0' },
      }),
      'packages/cart/index.js': "exports.back = (n) => require('price').net(require('@acme/tax').gross(n))\n",
      'packages/cart/test/cart.test.js': nodeTest(
        'there and back',
        "assert.equal(require('..').back(100), 100, 'there and back')",
      ),
    },
    person: `npm install --no-audit --no-fund
cp package-lock.json ../before; cp packages/cart/package.json ../manifest
npm install --no-audit --no-fund -w cart @acme/late@1.0.0
mv package-lock.json later-lock.txt; mv ../before package-lock.json; mv ../manifest packages/cart/package.json; npm ci --no-audit --no-fund`,
    bug: { file: 'packages/price/index.js', text: net('gross / 2') },
    reason: /there and back\s+75 !== 100/,
    later: `cp later-lock.txt package-lock.json && ${depends('@acme/late', '^1.0.0')}`,
    prepare: ['npm ci --ignore-scripts, full', 'npm rebuild @acme/rates, full'],
    layers: [2, 2, 4],
  },
  {
    name: 'a gate that writes snapshots',
    files: {
      ...npmProject('render', 'node --test test/'),
      'src/render.js': render('p'),
      'src/one.txt': 'one\n',
      'src/two.txt': 'two\n',
      'test/render.test.js': snapshots,
      'test/snapshots/one.html': '<p>one</p>\n',
      'test/snapshots/two.html': '<p>two</p>\n',
    },
    edit: {
      why: 'what a gate may write into the work is for the person to say',
      before: { test: 'clean-room, loopback' },
      change: (config) => {
        config.commands.test.gateWrites = ['test/snapshots/**']
        return config
      },
    },
    bug: { file: 'src/two.txt', text: 'zwei\n' },
    repair: "echo '<p>zwei</p>' > test/snapshots/two.html",
    reason: /test\/snapshots\/two\.html/,
  },
]
