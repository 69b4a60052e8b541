// Preloaded into the hook's node: whoever parses a text with this word in it never comes back.
const original = JSON.parse
JSON.parse = function (text, ...rest) {
  while (/autoloop-test-spin/.test(text));
  return original.call(this, text, ...rest)
}
