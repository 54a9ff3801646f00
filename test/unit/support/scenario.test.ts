import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { compare, parseScenario, splitWords } from '../../support/scenario.ts'

describe('a scenario', () => {
  it('is files, commands and what they answer', () => {
    const scenario = parseScenario(
      '# Title\n\n-- file: a.yaml --\n# a comment\nkey: 1\n\n$ cat a.yaml\n> # a comment\n>\n! oh\n? 3\n\n$ ls\n',
    )
    assert.deepEqual(scenario, {
      title: 'Title',
      steps: [
        { kind: 'file', path: 'a.yaml', text: '# a comment\nkey: 1\n' },
        { kind: 'command', command: 'cat a.yaml', stdout: ['# a comment', ''], stderr: ['oh'], exit: 3 },
        { kind: 'command', command: 'ls', stdout: [], stderr: [], exit: 0 },
      ],
    })
  })

  it('holds nothing else', () => {
    assert.throws(() => parseScenario('# Title\n$ ls\nstray\n'), /line 3: .*stray/)
    assert.throws(() => parseScenario('$ ls\n'), /line 1/)
  })

  it('splits words as a shell does, without its expansions', () => {
    assert.deepEqual(splitWords(`a  'b c' --d="e f"g $HOME`), ['a', 'b c', '--d=e fg', '$HOME'])
  })
})

describe('what a command answered', () => {
  const answer = (...stdout: string[]) => ({ stdout, stderr: [], exit: 0 })

  it('is compared line by line, except where placeholders stand', () => {
    assert.equal(compare(answer('a [any] (x)'), answer('a b c (x)')), undefined)
    assert.equal(compare(answer('[digest]'), answer(`sha256:${'0a'.repeat(32)}`)), undefined)
    assert.equal(compare(answer('v[version] at [time]'), answer('v1.2.3 at 2026-01-02T03:04:05Z')), undefined)
    assert.match(compare(answer('[digest]'), answer('sha256:00')) ?? '', /stdout expected:/)
    assert.match(compare(answer('a.c'), answer('abc')) ?? '', /observed:\n {2}abc/)
    assert.match(compare(answer(), answer('a')) ?? '', /stdout observed/)
    assert.match(compare(answer('a'), answer()) ?? '', /stdout expected/)
  })

  it('may have any number of lines where three dots stand', () => {
    assert.equal(compare(answer('...', 'c'), answer('a', 'b', 'c')), undefined)
    assert.equal(compare(answer('a', '...'), answer('a')), undefined)
    assert.equal(compare(answer('a', '...', 'd'), answer('a', 'd')), undefined)
    assert.notEqual(compare(answer('a', '...', 'c'), answer('a', 'b')), undefined)
  })

  it('ends with the expected code', () => {
    assert.match(compare({ ...answer(), exit: 2 }, answer()) ?? '', /exit code expected: 2, observed: 0/)
  })
})
