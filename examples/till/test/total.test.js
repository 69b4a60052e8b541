import assert from 'node:assert/strict'
import { test } from 'node:test'
import { total } from '../src/total.js'

test('prices are added', () => assert.equal(total([2, 3]), 5))
