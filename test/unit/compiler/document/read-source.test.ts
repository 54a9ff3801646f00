import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readSource } from '../../../../src/compiler/document/index.ts'
import { formatLocation } from '../../../../src/domain/index.ts'

function faults(path: string, text: string | Uint8Array): readonly string[] {
  const { findings } = readSource(path, Buffer.from(text))
  return findings.map(({ rule, code, severity, at, message }) => {
    assert.equal(`${rule} ${code}`, 'syntax E1002')
    return `${severity} ${formatLocation(at)} ${message}`
  })
}

describe('readSource', () => {
  it('reads JSON and YAML, and tells them apart by name, then by content', () => {
    for (const [path, text, syntax] of [
      ['a.json', '{"a": [1, null, true]}', 'json'],
      ['a.yaml', 'a: [1, null, true]', 'yaml'],
      ['a.yml', '{"a": [1, null, true]}', 'yaml'],
      ['a', ' {"a": [1, null, true]}', 'json'],
      ['a.txt', 'a: [1, ~, true]', 'yaml'],
    ] as const) {
      const { document, findings } = readSource(path, Buffer.from(text))
      assert.deepEqual(findings, [])
      assert.deepEqual(document?.root, { a: [1, null, true] })
      assert.equal(document.syntax, syntax)
    }
  })

  it('obeys YAML 1.2: no booleans but true and false, no dates, no merge keys', () => {
    const { document } = readSource('a.yaml', Buffer.from('a: yes\nb: 2020-01-01\nc: 0o17\n<<: { d: 1 }\n'))
    assert.deepEqual(document?.root, { a: 'yes', b: '2020-01-01', c: 15, '<<': { d: 1 } })
  })

  it('keeps prototype names as plain members', () => {
    for (const path of ['a.json', 'a.yaml']) {
      const { document, findings } = readSource(
        path,
        Buffer.from('{"__proto__": {"a": 1}, "constructor": 2}'),
      )
      assert.deepEqual(findings, [])
      assert.deepEqual(Object.keys(document?.root as object), ['__proto__', 'constructor'])
      assert.equal(document?.locate('/__proto__/a').col, 21)
    }
  })

  it('reads collections that end below their key, and warns of each', () => {
    const where = (at: string, end: string) =>
      `warning a.yaml:${at} The \`${end}\` has to stand further right than the key of what it ends (YAML 1.2 §7.4)`
    const text = 'a:\n  b: {\n    "c": [1,\r\n  ],\n    d: x\n\n }\n  e: [\n    2\n  ]\nf: 3\n'
    assert.deepEqual(faults('a.yaml', text), [where('4:3', ']'), where('7:2', '}'), where('10:3', ']')])
    const { document } = readSource('a.yaml', Buffer.from(text))
    assert.deepEqual(document?.root, { a: { b: { c: [1], d: 'x' }, e: [2] }, f: 3 })
    const places = ['/a/b/c', '/a/b/d', '/a/e', '/a/e/0', '/f'].map((pointer) => document.locate(pointer))
    assert.deepEqual(
      places.map(({ line, col, endLine, endCol }) => `${line}:${col}-${endLine}:${endCol}`),
      ['3:10-3:12', '5:8-5:9', '8:6-9:6', '9:5-9:6', '11:4-11:5'],
    )
    assert.match(
      faults('a.yaml', 'a:\n  b: {\n  }\n  b: 1\n').join('\n'),
      /^warning .*\nerror .* stands twice/,
    )
  })

  it('refuses other text that stands too far left', () => {
    for (const text of [
      'a:\n  b: "c\n}"\n',
      "a:\n  b: ['c\n  ]']\n",
      'a:\n  b: {\n    c: 1 # one\n  }\n',
      'a:\n  b: {\n  c: 1\n  }\n',
      'a:\n  b: {\n    c: 1\n  }\n d: [\n',
    ]) {
      assert.match(faults('a.yaml', text).join('\n'), /^error a\.yaml:\S+ The YAML cannot be parsed/, text)
    }
    const many = 'a:\n' + '  b: {\n  }\n'.repeat(20_000)
    assert.match(faults('a.yaml', many).join('\n'), /^error a\.yaml:3:3 The YAML cannot be parsed/)
  })

  it('says where a text cannot be parsed', () => {
    assert.deepEqual(faults('a.json', '{\n  "a": 1,\n}'), [
      'error a.json:3:1 The JSON cannot be parsed: a property name in double quotes is missing here',
    ])
    assert.deepEqual(faults('a.json', '{"a": 01}').length, 1)
    assert.deepEqual(faults('a.json', '// x\n{}'), [
      'error a.json:1:1 The JSON cannot be parsed: a comment is not allowed here',
    ])
    assert.match(faults('a.json', '')[0] ?? '', /^error a.json:1:1 /)
    assert.match(faults('a.yaml', 'a:\n\tb: 1')[0] ?? '', /^error a.yaml:2:1 The YAML cannot be parsed: tab/)
    assert.match(faults('a.yaml', 'a: [1')[0] ?? '', /^error a.yaml:1:6 /)
    assert.match(faults('a.yaml', 'a: 1\n---\nb: 2')[0] ?? '', /single document/)
    assert.match(faults('a.yaml', 'a: *b')[0] ?? '', /^error a.yaml:1:5 /)
  })

  it('finds every key that stands twice, and reads the document nevertheless', () => {
    const twice = (key: string) => `The key "${key}" stands twice in the same object`
    assert.deepEqual(faults('a.json', '{"a": 1, "b": {"c": 1, "c": 2},\n "\\u0061": 2}'), [
      `error a.json:1:24 ${twice('c')}`,
      `error a.json:2:2 ${twice('a')}`,
    ])
    assert.deepEqual(faults('a.yaml', "a: 1\nb: { c: 1, 'c': 2 }\na: 2\n200: x\n'200': y\n"), [
      `error a.yaml:2:12 ${twice('c')}`,
      `error a.yaml:3:1 ${twice('a')}`,
      `error a.yaml:5:1 ${twice('200')}`,
    ])
    assert.deepEqual(readSource('a.yaml', Buffer.from('a: 1\na: 2\n')).document?.root, { a: 2 })
  })

  it('refuses nesting without limit instead of exhausting the stack', () => {
    const deep = 'The document is nested more than 256 levels deep'
    assert.deepEqual(faults('a.json', '['.repeat(10_000)), [`error a.json:1:257 ${deep}`])
    assert.deepEqual(faults('a.json', '{"a":'.repeat(10_000)), [`error a.json:1:1281 ${deep}`])
    for (const text of ['['.repeat(10_000), '{a: '.repeat(10_000), `${'- '.repeat(10_000)}x`]) {
      assert.match(faults('a.yaml', text).join('\n'), new RegExp(`^error a.yaml:1:\\d+ ${deep}$`))
    }
    const chain = Array.from({ length: 5000 }, (_, n) => `a${n + 1}: &a${n + 1} { x: *a${n} }`)
    assert.deepEqual(faults('a.yaml', ['a0: &a0 { x: 1 }', ...chain].join('\n')), [
      `error a.yaml:1:1 ${deep}`,
    ])
    assert.deepEqual(faults('a.json', '['.repeat(256) + ']'.repeat(256)), [])
    assert.deepEqual(faults('a.yaml', '['.repeat(256) + ']'.repeat(256)), [])
  })

  it('takes brackets and colons in strings for text', () => {
    const text = JSON.stringify({ a: `"${'['.repeat(300)}"`, b: 'x: y: z', c: '\\' })
    assert.deepEqual(faults('a.json', text), [])
  })

  it('refuses aliases that multiply or contain themselves', () => {
    const level = (n: number) => `a${n}: &a${n} [${Array.from({ length: 9 }, () => `*a${n - 1}`).join(', ')}]`
    const bomb = ['a0: &a0 [1, 2]', ...Array.from({ length: 12 }, (_, n) => level(n + 1))].join('\n')
    assert.deepEqual(faults('a.yaml', bomb), [
      'error a.yaml:1:1 The aliases of the document expand to more than 5000000 nodes',
    ])
    assert.deepEqual(faults('a.yaml', 'a: &a [*a]'), [
      'error a.yaml:1:1 An alias of the document contains itself',
    ])
    assert.deepEqual(faults('a.yaml', 'a: &a { x: 1 }\nb: [*a, *a]\n'), [])
  })

  it('names invalid UTF-8, UTF-16 and byte order marks', () => {
    assert.deepEqual(faults('a.yaml', Buffer.from([0x61, 0x3a, 0x20, 0x0a, 0x62, 0x3a, 0x20, 0xff])), [
      'error a.yaml:2:4 The file is not valid UTF-8 at this place',
    ])
    assert.deepEqual(faults('a.yaml', Buffer.from('a: "\uFFFD"')), [])
    assert.equal(
      faults('a.json', Buffer.from('\uFEFF{"a": 1}', 'utf16le'))[0],
      'error a.json:1:1 The file is UTF-16, not UTF-8',
    )
    const marked = readSource('a.json', Buffer.from('\uFEFF{"a": 1}'))
    assert.deepEqual(
      marked.findings.map(({ severity, message }) => `${severity} ${message}`),
      ['warning The file begins with a byte order mark'],
    )
    assert.deepEqual(marked.document?.locate('/a'), {
      file: 'a.json',
      line: 1,
      col: 7,
      endLine: 1,
      endCol: 8,
      pointer: '/a',
    })
  })

  it('names numbers that are not what is written', () => {
    assert.deepEqual(faults('a.json', '[1e400]'), ['error a.json:1:2 The number 1e400 has no form in JSON'])
    assert.deepEqual(faults('a.json', '{"a": [9007199254740991, 9007199254740993]}'), [
      'warning a.json:1:26 The integer 9007199254740993 cannot be held exactly and becomes 9007199254740992',
    ])
    assert.deepEqual(faults('a.yaml', 'a: .inf\nb: 9223372036854775807\nd: 1.5e300\ne: "9007199254740993"'), [
      'error a.yaml:1:4 The number .inf has no form in JSON',
      'warning a.yaml:2:4 The integer 9223372036854775807 cannot be held exactly and becomes 9223372036854775808',
    ])
  })
})

describe('locate', () => {
  const yaml = `a: &x { "k 1": [1, 'two'], é: null }
b: *x
c:
  - d:
    e: |
      text
  - 200: y
    ~: n
    *y : z
`.replace('*y : z', 'true: t')
  const { document } = readSource('a.yaml', Buffer.from(yaml))
  const at = (pointer: string, part?: 'key' | 'value') => {
    assert.ok(document)
    return formatLocation(document.locate(pointer, part))
  }

  it('finds keys and values, through aliases, empty values and typed keys', () => {
    assert.equal(at('/a/k 1/1'), 'a.yaml:1:20')
    assert.equal(at('/a/k 1', 'key'), 'a.yaml:1:9')
    assert.equal(at('/a/é', 'key'), 'a.yaml:1:28')
    assert.equal(at('/b'), 'a.yaml:2:4')
    assert.equal(at('/b/k 1/1'), 'a.yaml:1:20')
    assert.equal(at('/c/0/d'), 'a.yaml:4:6')
    assert.equal(at('/c/0/e', 'key'), 'a.yaml:5:5')
    assert.equal(at('/c/1/200'), 'a.yaml:7:10')
    assert.equal(at('/c/1/null', 'key'), 'a.yaml:8:5')
    assert.equal(at('/c/1/true'), 'a.yaml:9:11')
  })

  it('stops at the nearest ancestor of what does not exist', () => {
    assert.equal(at('/c/0/nothing/at/all'), 'a.yaml:4:5')
    assert.equal(at('/a/nothing'), 'a.yaml:1:1')
    assert.equal(at(''), 'a.yaml:1:1')
  })

  it('counts columns in UTF-16 units and knows all line breaks', () => {
    const { document } = readSource('a.json', Buffer.from('{"😀": 1,\r\n "b": 2,\r "c": 3}'))
    assert.ok(document)
    assert.equal(formatLocation(document.locate('/😀')), 'a.json:1:8')
    assert.equal(formatLocation(document.locate('/b')), 'a.json:2:7')
    assert.equal(formatLocation(document.locate('/c')), 'a.json:3:7')
  })
})
