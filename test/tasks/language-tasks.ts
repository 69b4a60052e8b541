import type { Task } from './task.ts'

const pythonTest = (module: string, name: string, asserts: string): string =>
  `import unittest\n\nfrom ${module} import ${name}\n\n\nclass Case(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual(${asserts})\n`

const goTest = (name: string, asserts: string): string =>
  `package ${name}\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {\n\tif ${asserts} {\n\t\tt.Fatal("wrong")\n\t}\n}\n`

const migrated: Task['files'] = {
  'pyproject.toml': '[project]\nname = "people"\nversion = "1.0"\n',
  'people/__init__.py': '',
  'people/database.py':
    'import pathlib\nimport sqlite3\n\n\ndef opened():\n    base = sqlite3.connect(":memory:")\n    for file in sorted(pathlib.Path("migrations").glob("*.sql")):\n        base.executescript(file.read_text())\n    return base\n',
  'migrations/0001_people.sql': 'CREATE TABLE people (name TEXT);\n',
  'tests/__init__.py': '',
  'tests/test_database.py': pythonTest(
    'people.database',
    'opened',
    'opened().execute("SELECT count(*) FROM people").fetchone(), (0,)',
  ),
}

const c: Task['files'] = {
  Makefile:
    'OBJS = main.o sum.o\nsums: $(OBJS)\n\tcc -o $@ $(OBJS)\ntest: sums\n\t./sums\nclean:\n\trm -f sums *.o\n',
  '.gitignore': '*.o\nsums\n',
  'sum.h': 'int sum(int a, int b);\n',
  'sum.c': '#include "sum.h"\nint sum(int a, int b) { return a + b; }\n',
  'main.c': '#include "sum.h"\nint main(void) { return sum(1, 2) != 3; }\n',
}

/** Work in other languages. */
export const languageTasks: readonly Task[] = [
  {
    name: 'flat Python',
    asks: 'count the items of the cart',
    files: {
      'shop.py': 'def total(prices):\n    return sum(prices)\n',
      'test_shop.py': pythonTest('shop', 'total', 'total([1, 2]), 3'),
      'requirements.txt': '',
    },
    gates: { test: ['python3', '-m', 'unittest'] },
    writes: {
      'cart.py': 'from shop import total\n\n\ndef summary(prices):\n    return len(prices), total(prices)\n',
      'test_cart.py': pythonTest('cart', 'summary', 'summary([1, 2]), (2, 3)'),
    },
    sees: 'work',
  },
  {
    name: 'the first golden file of a test',
    asks: 'write the cart as a page and compare it with what it should be',
    files: {
      'pyproject.toml': '[project]\nname = "shop"\nversion = "1.0"\n',
      'shop/__init__.py': '',
      'shop/cart.py': 'def total(prices):\n    return sum(prices)\n',
      'tests/__init__.py': '',
      'tests/test_cart.py': pythonTest('shop.cart', 'total', 'total([1, 2]), 3'),
    },
    gates: { test: ['python3', '-m', 'unittest'] },
    writes: {
      'shop/page.py':
        'from shop.cart import total\n\n\ndef page(prices):\n    return f"<p>{total(prices)}</p>\\n"\n',
      'tests/golden/page.html': '<p>3</p>\n',
      'tests/test_page.py': pythonTest(
        'shop.page',
        'page',
        'page([1, 2]), open("tests/golden/page.html").read()',
      ),
    },
    sees: 'work',
  },
  {
    name: 'settings of a flat Python program',
    asks: 'take 20 % tax, not 10',
    files: {
      'config.py': 'TAX = 10\n',
      'shop.py': 'from config import TAX\n\n\ndef gross(net):\n    return net * (100 + TAX) // 100\n',
      'test_shop.py': pythonTest('shop', 'gross', 'gross(100), 110'),
    },
    gates: { test: ['python3', '-m', 'unittest'] },
    writes: { 'config.py': 'TAX = 20\n', 'test_shop.py': pythonTest('shop', 'gross', 'gross(100), 120') },
    sees: 'question',
    unproved: ['config.py'],
  },
  {
    name: 'a migration',
    asks: 'give people an address',
    files: migrated,
    gates: { test: ['python3', '-m', 'unittest'] },
    writes: {
      'migrations/0002_address.sql': 'ALTER TABLE people ADD COLUMN address TEXT;\n',
      'tests/test_address.py': pythonTest(
        'people.database',
        'opened',
        'opened().execute("SELECT address FROM people").fetchall(), []',
      ),
    },
    sees: 'work',
  },
  {
    name: 'a package of Go',
    asks: 'reverse words in a package of its own',
    files: {
      'go.mod': 'module example.test/words\n\ngo 1.19\n',
      'count/count.go': 'package count\n\nfunc Of(text string) int { return len(text) }\n',
      'count/count_test.go': goTest('count', 'Of("ab") != 2'),
    },
    gates: { vet: ['go', 'vet', './...'], test: ['go', 'test', './...'] },
    writes: {
      'reverse/reverse.go':
        'package reverse\n\nfunc Of(text string) string {\n\tout := ""\n\tfor _, r := range text {\n\t\tout = string(r) + out\n\t}\n\treturn out\n}\n',
      'reverse/reverse_test.go': goTest('reverse', 'Of("ab") != "ba"'),
    },
    sees: 'work',
  },
  {
    name: 'options of a flat package of Go',
    asks: 'let words be cut at a comma as well',
    files: {
      'go.mod': 'module example.test/words\n\ngo 1.19\n',
      'words.go':
        'package words\n\nimport "strings"\n\nfunc Cut(text string) []string { return strings.FieldsFunc(text, cuts) }\n',
      'options.go': "package words\n\nfunc cuts(r rune) bool { return r == ' ' }\n",
      'words_test.go': goTest('words', 'len(Cut("a b")) != 2'),
    },
    gates: { vet: ['go', 'vet', './...'], test: ['go', 'test', './...'] },
    writes: {
      'options.go': "package words\n\nfunc cuts(r rune) bool { return r == ' ' || r == ',' }\n",
      'words_test.go': goTest('words', 'len(Cut("a b,c")) != 3'),
    },
    sees: 'work',
  },
  {
    name: 'a mended class of Ruby',
    asks: 'words that end in s stay as they are',
    files: {
      Rakefile: "task :test do\n  ruby '-Ilib test/plural_test.rb'\nend\n",
      'lib/plural.rb': 'def plural(word) = word + "s"\n',
      'test/plural_test.rb':
        'require "minitest/autorun"\nrequire "plural"\n\nclass PluralTest < Minitest::Test\n  def test_dog = assert_equal("dogs", plural("dog"))\nend\n',
    },
    gates: { test: ['rake', 'test'] },
    writes: {
      'lib/plural.rb': 'def plural(word) = word.end_with?("s") ? word : word + "s"\n',
      'test/plural_test.rb':
        'require "minitest/autorun"\nrequire "plural"\n\nclass PluralTest < Minitest::Test\n  def test_dog = assert_equal("dogs", plural("dog"))\n  def test_news = assert_equal("news", plural("news"))\nend\n',
    },
    sees: 'work',
  },
  {
    name: 'a target of make',
    asks: 'add make install',
    files: c,
    gates: { test: ['make', 'test'] },
    writes: { Makefile: `${c['Makefile']}install: sums\n\tcp sums /usr/local/bin\n` },
    sees: 'definition',
    unproved: ['Makefile'],
  },
  {
    name: 'a source of C that the Makefile has to name',
    asks: 'multiply as well',
    files: c,
    gates: { test: ['make', 'test'] },
    writes: {
      Makefile: (c['Makefile'] ?? '').replace('sum.o', 'sum.o product.o'),
      'product.c': 'int product(int a, int b) { return a * b; }\n',
      'main.c':
        '#include "sum.h"\nint product(int a, int b);\nint main(void) { return sum(1, 2) != product(1, 3); }\n',
    },
    sees: 'question',
    unproved: ['Makefile'],
  },
  {
    name: 'a command of a shell project',
    asks: 'add a command that says bye',
    files: {
      'bin/greet': '#!/bin/sh\necho "hello $1"\n',
      'test/greet.sh': 'test "$(sh bin/greet ann)" = "hello ann"\n',
      'README.md': '# Greetings\n',
    },
    gates: { test: ['sh', '-c', 'for one in test/*.sh; do sh "$one" || exit 1; done'] },
    person: 'chmod +x bin/greet',
    writes: {
      'bin/part': '#!/bin/sh\necho "bye $1"\n',
      'test/part.sh': 'test "$(sh bin/part ann)" = "bye ann"\n',
    },
    runs: 'chmod +x bin/part',
    sees: 'question',
    unproved: ['bin/part'],
  },
]
