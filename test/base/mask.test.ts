import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { mask } from '../../src/base/mask.ts'

const key = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4'

test.each([
  ['curl -H Authorization: Bearer abc https://x.test/', 'curl -H Authorization: ***'],
  ['curl -H "Authorization: Bearer abc" https://x.test/', 'curl -H "Authorization: ***" https://x.test/'],
  ["curl -H 'X-Api-Key: abc' https://x.test/", "curl -H 'X-Api-Key: ***' https://x.test/"],
  ['curl -u dev:hunter2 https://x.test/', 'curl -u dev:*** https://x.test/'],
  ['curl --user=dev:hunter2 https://x.test/', 'curl --user=dev:*** https://x.test/'],
  ['> Authorization: Basic ZGV2Omh1bnRlcjI=\n> Accept: */*', '> Authorization: ***\n> Accept: */*'],
  ['sent Bearer abcdef12345 to it', 'sent Bearer *** to it'],
  ['deploy --token=abc --verbose', 'deploy --token=*** --verbose'],
  ['deploy --token abc --verbose', 'deploy --token *** --verbose'],
  ['deploy --api-key abc', 'deploy --api-key ***'],
  ['sh -c PASSWORD=hunter2 ./run', 'sh -c PASSWORD=*** ./run'],
  ["PGPASSWORD='hunter 2' psql", "PGPASSWORD='***' psql"],
  ['AWS_SECRET_ACCESS_KEY=a/b+c', 'AWS_SECRET_ACCESS_KEY=***'],
  ['GITHUB_TOKEN=abc npm publish', 'GITHUB_TOKEN=*** npm publish'],
  ['//registry.example/:_authToken=abc', '//registry.example/:_authToken=***'],
  ['{"password": "hunter", "user": "dev"}', '{"password": "***", "user": "dev"}'],
  ['{"clientSecret":"a\\"b"}', '{"clientSecret":"***"}'],
  ['db password: hunter2', 'db password: ***'],
  ['postgres://dev:hunter2@db:5432/app', 'postgres://dev:***@db:5432/app'],
  ['redis://:p@ss@cache/0', 'redis://:***@cache/0'],
  ['git clone https://x-access-token:abc@x.test/a.git', 'git clone https://x-access-token:***@x.test/a.git'],
  ['https://0123456789abcdef0123@x.test/a', 'https://***@x.test/a'],
  ['GET /a?access_token=abc&page=2', 'GET /a?access_token=***&page=2'],
  ['GET /a?sig=abc%3D&page=2', 'GET /a?sig=***&page=2'],
  [`ghp_${'a1'.repeat(18)} is there`, '*** is there'],
  [`key sk-proj-${'a1'.repeat(12)}`, 'key ***'],
  ['AKIAIOSFODNN7EXAMPLE', '***'],
  [`got ${jwt}.`, 'got ***.'],
  [
    `a\n-----BEGIN RSA PRIVATE KEY-----\n${key}\n-----END RSA PRIVATE KEY-----\nb`,
    'a\n-----BEGIN RSA PRIVATE KEY----- ***\nb',
  ],
  [`${key}\n${key}\n-----END PRIVATE KEY-----\nb`, '***\n-----END PRIVATE KEY-----\nb'],
  [`-----BEGIN PRIVATE KEY-----\n${key}`, '-----BEGIN PRIVATE KEY----- ***'],
])('%j becomes %j', (text, masked) => {
  expect(mask(text)).toBe(masked)
})

test.each([
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '0199aaaa-0000-7000-8000-000000000002',
  'integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
  'at parse (/home/dev/project/src/token.ts:12:5)',
  'file:///home/dev/src/password.ts:10',
  'http://localhost:3000/a@b',
  'npx vite --port 5173 --host 0.0.0.0',
  'PWD=/home/dev/project',
  'npm run test -- --token-file=/run/secrets/a',
  'the option --token requires a value',
  'SyntaxError: Unexpected token } in JSON at position 4',
  'Unexpected token: punc',
  'const token = lexer.next(1)',
  'password: string | undefined',
  'token=$TOKEN ./run',
  'max_tokens=4096, tokens: 12345',
  'Basic understanding of things',
  'expected 3, got 4 (user dev, 12:30:05)',
  'git@github.com:owner/name.git',
  'secretary=Anna',
])('%j stays', (text) => {
  expect(mask(text)).toBe(text)
})

test('masking twice is masking once, and takes time by length only', () => {
  const piece = fc.constantFrom(
    'token',
    'password',
    '=',
    ':',
    ' ',
    '"',
    "'",
    '***',
    'a1',
    '://',
    '@',
    '\n',
    '--',
    '/',
  )
  holds(
    2_000,
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const once = mask(pieces.join(''))
      expect(mask(once)).toBe(once)
    }),
  )
  for (const part of [
    'a',
    'token',
    '://',
    'curl ',
    'eyJ',
    '-----BEGIN PRIVATE KEY-----',
    'password="',
    '\\',
    ':',
  ])
    mask(part.repeat(Math.floor(30_000 / part.length)))
})
