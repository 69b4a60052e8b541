import { npmProject } from '../projects/project.ts'
import { type Task, json, nodeTest } from './task.ts'

const test = { test: ['npm', 'test'] }

/** A shop whose gate is Node's own runner. */
const shop: Task['files'] = {
  ...npmProject('shop', 'node --test'),
  'README.md': '# Shop\n\nSums up what is in a cart.\n',
  'src/price.js': 'exports.round = (sum) => Math.round(sum * 100) / 100\n',
  'src/cart.js':
    "const { round } = require('./price')\nexports.total = (items) => round(items.reduce((sum, { price, count }) => sum + price * count, 0))\n",
  'test/cart.test.js': nodeTest(
    'a total',
    '../src/cart',
    'total',
    'equal(total([{ price: 1.5, count: 2 }]), 3)',
  ),
}

const member = (name: string, more: object = {}): string =>
  json({
    name: `@shop/${name}`,
    version: '1.0.0',
    main: 'index.js',
    scripts: { test: 'node --test' },
    ...more,
  })

const monorepo: Task['files'] = {
  'package.json': json({
    name: 'shop',
    private: true,
    workspaces: ['packages/*'],
    scripts: { test: 'npm test --workspaces' },
  }),
  '.gitignore': 'node_modules\n',
  'packages/price/package.json': member('price'),
  'packages/price/index.js': 'exports.round = (sum) => Math.round(sum)\n',
  'packages/price/test/price.test.js': nodeTest('rounds', '..', 'round', 'equal(round(1.4), 1)'),
}
const tax = {
  'packages/tax/package.json': member('tax'),
  'packages/tax/index.js': 'exports.gross = (net) => net * 1.5\n',
  'packages/tax/test/tax.test.js': nodeTest('adds tax', '..', 'gross', 'equal(gross(10), 15)'),
}

/** Work in the sources of a project of Node. */
export const nodeTasks: readonly Task[] = [
  {
    name: 'a discount in a shopping cart',
    asks: 'give 10 % off in the cart from a sum of 100 on',
    short: true,
    files: shop,
    gates: test,
    writes: {
      'src/discount.js': 'exports.discount = (sum) => (sum >= 100 ? sum * 0.1 : 0)\n',
      'src/cart.js':
        "const { discount } = require('./discount')\nconst { round } = require('./price')\nexports.total = (items) => {\n  const sum = items.reduce((all, { price, count }) => all + price * count, 0)\n  return round(sum - discount(sum))\n}\n",
      'test/discount.test.js': nodeTest(
        'a discount',
        '../src/cart',
        'total',
        'equal(total([{ price: 50, count: 2 }]), 90)',
      ),
    },
    sees: 'work',
  },
  {
    name: 'the first test',
    asks: 'write tests for the prices',
    files: { ...npmProject('shop', 'node --test'), 'src/price.js': shop['src/price.js'] ?? '' },
    gates: test,
    writes: {
      'test/price.test.js': nodeTest('rounds', '../src/price', 'round', 'equal(round(0.1 + 0.2), 0.3)'),
    },
    sees: 'work',
  },
  {
    name: 'a project from nothing',
    asks: 'write a function that turns Arabic numerals into Roman ones, with tests',
    short: true,
    files: { ...npmProject('roman', 'node --test'), 'README.md': '# Roman numerals\n' },
    gates: test,
    writes: {
      'src/roman.js':
        "const signs = [[10, 'X'], [9, 'IX'], [5, 'V'], [4, 'IV'], [1, 'I']]\nexports.roman = (n) => {\n  const sign = signs.find(([value]) => value <= n)\n  return sign ? sign[1] + exports.roman(n - sign[0]) : ''\n}\n",
      'test/roman.test.js': nodeTest('19', '../src/roman', 'roman', "equal(roman(19), 'XIX')"),
    },
    sees: 'greenfield',
  },
  {
    name: 'a project from nothing, its manifest too',
    asks: 'begin a package that says hello, with a test',
    files: { 'README.md': '# Hello\n' },
    gates: test,
    writes: {
      ...npmProject('hello', 'node --test'),
      'src/hello.js': "exports.hello = () => 'hello'\n",
      'test/hello.test.js': nodeTest('hello', '../src/hello', 'hello', "equal(hello(), 'hello')"),
    },
    sees: 'question',
    fromNothing: true,
    unproved: ['package.json'],
  },
  {
    name: 'a module that gets another name',
    asks: 'call the module price money, everywhere',
    files: shop,
    gates: test,
    writes: { 'src/cart.js': (shop['src/cart.js'] ?? '').replace('./price', './money') },
    runs: 'mv src/price.js src/money.js',
    sees: 'work',
  },
  {
    name: 'dead code that goes',
    asks: 'remove the coupons, nobody uses them',
    files: {
      ...shop,
      'src/coupon.js': 'exports.coupon = () => 0\n',
      'test/coupon.test.js': nodeTest('none', '../src/coupon', 'coupon', 'equal(coupon(), 0)'),
    },
    gates: test,
    writes: {},
    runs: 'rm src/coupon.js test/coupon.test.js',
    sees: 'work',
  },
  {
    name: 'a translation',
    asks: 'translate the shop into German',
    files: {
      ...npmProject('shop', 'node --test'),
      'src/locales/en.json': json({ cart: 'Cart' }),
      'src/words.js':
        "const fs = require('node:fs')\nexports.word = (language, id) => JSON.parse(fs.readFileSync(`${__dirname}/locales/${language}.json`, 'utf8'))[id]\n",
      'test/words.test.js': nodeTest('English', '../src/words', 'word', "equal(word('en', 'cart'), 'Cart')"),
    },
    gates: test,
    writes: {
      'src/locales/de.json': json({ cart: 'Warenkorb' }),
      'test/german.test.js': nodeTest(
        'German',
        '../src/words',
        'word',
        "equal(word('de', 'cart'), 'Warenkorb')",
      ),
    },
    sees: 'work',
  },
  {
    name: 'names of sources that sound like settings',
    asks: 'let users set up their account and their workspace, with a checksum',
    files: shop,
    gates: test,
    writes: {
      'src/account-setup.js': 'exports.setup = (name) => ({ name, ready: true })\n',
      'src/hooks/use-workspace.js':
        "exports.useWorkspace = () => require('../account-setup').setup('mine')\n",
      'src/hooks/register.js': "exports.register = () => require('./use-workspace').useWorkspace().ready\n",
      'src/crc.js': 'exports.crc = (text) => [...text].reduce((sum, sign) => sum ^ sign.charCodeAt(0), 0)\n',
      'test/account-setup.test.js': nodeTest(
        'registers',
        '../src/hooks/register',
        'register',
        'equal(register(), true)',
      ),
      'test/crc.test.js': nodeTest('a checksum', '../src/crc', 'crc', "equal(crc('aa'), 0)"),
    },
    sees: 'work',
  },
  {
    name: 'the first file of data',
    asks: 'read the rates of taxes from a JSON file',
    short: true,
    files: shop,
    gates: test,
    writes: {
      'src/data/rates.json': json({ normal: 0.5 }),
      'src/tax.js': "exports.tax = (net) => net * require('./data/rates.json').normal\n",
      'test/tax.test.js': nodeTest('a tax', '../src/tax', 'tax', 'equal(tax(10), 5)'),
    },
    sees: 'question',
    unproved: ['src/data/rates.json'],
  },
  {
    name: 'from CommonJS to modules',
    asks: 'turn the shop into ES modules',
    files: shop,
    gates: test,
    writes: {
      'package.json': json({
        name: 'shop',
        version: '1.0.0',
        private: true,
        type: 'module',
        scripts: { test: 'node --test' },
      }),
      'src/price.js': 'export const round = (sum) => Math.round(sum * 100) / 100\n',
      'src/cart.js':
        "import { round } from './price.js'\nexport const total = (items) => round(items.reduce((sum, { price, count }) => sum + price * count, 0))\n",
      'test/cart.test.js':
        "import assert from 'node:assert/strict'\nimport { test } from 'node:test'\nimport { total } from '../src/cart.js'\ntest('a total', () => assert.equal(total([{ price: 1.5, count: 2 }]), 3))\n",
    },
    sees: 'definition',
    unproved: ['package.json'],
  },
  {
    name: 'a package in a monorepo',
    asks: 'add a package for taxes',
    files: monorepo,
    gates: test,
    writes: tax,
    sees: 'definition',
    unproved: ['packages/tax/package.json'],
  },
  {
    name: 'a package in a monorepo that another one uses by its name',
    asks: 'add a package for taxes and round them in the prices',
    files: monorepo,
    gates: test,
    prepare: [{ argv: ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'] }],
    person: 'npm install --no-audit --no-fund --silent',
    writes: {
      ...tax,
      'packages/price/package.json': member('price', { dependencies: { '@shop/tax': '1.0.0' } }),
      'packages/price/index.js':
        "const { gross } = require('@shop/tax')\nexports.round = (sum) => Math.round(sum)\nexports.priced = (net) => exports.round(gross(net))\n",
      'packages/price/test/priced.test.js': nodeTest('priced', '..', 'priced', 'equal(priced(3), 5)'),
    },
    runs: 'npm install --no-audit --no-fund --silent --offline',
    sees: 'question',
    unproved: ['package-lock.json', 'packages/price/package.json', 'packages/tax/package.json'],
  },
]
