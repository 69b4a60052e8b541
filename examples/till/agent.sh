#!/bin/sh
# An agent without a model. It sees which item and which turn it is at, changes files, and ends.

# write <name> <code> <what the test expects>
write() {
  echo "$2" > "src/$1.js"
  cat > "test/$1.test.js" <<END
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as it from '../src/$1.js'

test('$1', () => assert.equal($3))
END
}

case "$AUTONOMOUS_LOOP_ITEM $AUTONOMOUS_LOOP_TURN" in
  '001 1') # It says that it is done, and has written nothing.
    echo 'All done!' ;;
  '001 2') # It writes something, and its own test fails.
    write discount 'export const discount = (total, percent) => total - percent' 'it.discount(50, 10), 45' ;;
  '001 3')
    write discount 'export const discount = (total, percent) => total * (1 - percent / 100)' 'it.discount(50, 10), 45' ;;
  '002 '*)
    write receipt "import { discount } from './discount.js'
import { total } from './total.js'

export const receipt = (prices, percent) => \`Total: \${discount(total(prices), percent)}\`" \
      "it.receipt([20, 30], 10), 'Total: 45'" ;;
  '003 '*) # It cannot know the rate, unless the item says it.
    if grep -q '20 percent' "$AUTONOMOUS_LOOP_PROMPT_FILE"; then
      write tax 'export const withTax = (total) => total * 1.2' 'it.withTax(10), 12'
    else
      echo '{"status": "blocked", "summary": "Which rate has the tax?"}' > "$AUTONOMOUS_LOOP_RESULT_FILE"
    fi ;;
esac
