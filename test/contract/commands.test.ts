import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import type { Command } from '@oclif/core'

import { readCommands } from '../support/command-line.ts'

const snapshotPath = join(import.meta.dirname, 'commands.snapshot.json')
const commands = await readCommands()

describe('the command line', () => {
  it('is the one of the snapshot: scripts of users depend on it', () => {
    const found: unknown = JSON.parse(JSON.stringify(Object.fromEntries(commands.map(describeCommand))))
    if (process.env['UPDATE_SNAPSHOTS'] === '1') {
      writeFileSync(snapshotPath, `${JSON.stringify(found, undefined, 2)}\n`)
    }
    assert.deepEqual(
      found,
      JSON.parse(readFileSync(snapshotPath, 'utf8')),
      'when this is meant, run UPDATE_SNAPSHOTS=1 node --test test/contract/commands.test.ts and commit the snapshot',
    )
  })

  it('describes every command, flag and argument in its help, with an example', () => {
    for (const { id, summary, examples = [], flags, args } of commands) {
      assert.match(summary ?? '', /^[A-Z].*\.$/, `${id}: summary`)
      assert.ok(examples.length > 0, `${id}: examples`)
      for (const flag of Object.values(flags)) {
        assert.ok(flag.summary ?? flag.description, `${id}: --${flag.name} is not described`)
      }
      for (const arg of Object.values(args)) assert.ok(arg.description, `${id}: ${arg.name} is not described`)
    }
  })

  it('has the global flags everywhere', () => {
    for (const { id, flags } of commands) {
      for (const name of ['no-color', 'no-input', 'quiet']) assert.ok(flags[name], `${id}: --${name}`)
    }
  })
})

function describeCommand({ id, aliases, args, flags }: Command.Cached): [string, object] {
  const listed = Object.entries(args).map(([name, { required, default: preset, options }]) => [
    name,
    { required, default: preset, options },
  ])
  const flagged = Object.entries(flags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { char, type, required, default: preset, ...rest }]) => {
      const { multiple, options, env } = rest as { multiple?: boolean; options?: string[]; env?: string }
      return [name, { char, type, required, default: preset, options, multiple: multiple || undefined, env }]
    })
  return [id, { aliases, args: Object.fromEntries(listed), flags: Object.fromEntries(flagged) }]
}
