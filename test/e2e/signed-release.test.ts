import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { debianTools } from '../support/debian-tools.ts'
import { gitRepository, type GitRepository } from '../support/git-repository.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { sampleArtifact } from '../support/sample-artifact.ts'

const FLEET = `version: 1
environments: { staging: { allow_unsigned: true }, production: { allow_unsigned: true } }
`

interface History {
  readonly result: {
    readonly entries: readonly {
      readonly signature: { readonly status: string; readonly signer: string | null }
    }[]
  }
}

describe(
  'a release that is committed',
  { skip: debianTools('git', ['ssh-keygen', 'openssh-client']) },
  () => {
    it('is signed as git is configured or as asked for, and history says whether git trusts it', async () => {
      await using repository = await gitRepository({
        'fleet.yaml': FLEET,
        '.gitignore': '*.bca\n.gitconfig\n',
      })
      const { git, path: cwd } = repository
      await writeFile(join(cwd, 'api.bca'), sampleArtifact())
      const key = join(cwd, '.git/signer')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'signer', '-f', key])
      git('config', 'gpg.format', 'ssh')
      git('config', 'user.signingKey', key)
      const signedFirst = await runBarbacane(['release', 'api.bca', '--env', 'staging', '--sign'], { cwd })
      assert.equal(signedFirst.exit, 0, signedFirst.stderr)
      const history = async (environment: string) => {
        const args = ['history', '--env', environment, '--signatures', '--json']
        const { exit, stdout } = await runBarbacane(args, { cwd })
        assert.equal(exit, 0, stdout)
        return (JSON.parse(stdout) as History).result.entries[0]?.signature
      }
      // It is signed, but nobody here vouches for the key.
      assert.equal((await history('staging'))?.status, 'unknown')
      await writeFile(
        join(cwd, '.git/allowed'),
        `author@example.com ${execFileSync('ssh-keygen', ['-y', '-f', key], { encoding: 'utf8' })}`,
      )
      git('config', 'gpg.ssh.allowedSignersFile', join(cwd, '.git/allowed'))
      const { status, signer } = (await history('staging')) ?? {}
      assert.deepEqual([status, signer], ['good', 'author@example.com'])
      git('config', 'commit.gpgSign', 'true')
      const promotion = ['promote', '--from', 'staging', '--to', 'production', '--artifact', 'api.bca']
      const unsigned = await runBarbacane([...promotion, '--no-sign'], { cwd })
      assert.equal(unsigned.exit, 0, unsigned.stderr)
      assert.equal((await history('production'))?.status, 'none')
      await refusesWithoutKey(repository)
    })
  },
)

async function refusesWithoutKey({ git, path: cwd }: GitRepository): Promise<void> {
  const head = git('rev-parse', 'HEAD')
  git('config', 'user.signingKey', join(cwd, '.git/nobody'))
  git('revert', '--no-edit', '--no-gpg-sign', 'HEAD')
  const before = git('rev-parse', 'HEAD')
  const { exit, stderr } = await runBarbacane(['release', 'api.bca', '--env', 'production'], { cwd })
  assert.equal(exit, 7)
  assert.match(stderr, /BCN_GIT_NOT_COMMITTED/)
  assert.notEqual(before, head)
  assert.equal(git('rev-parse', 'HEAD'), before)
  assert.equal(git('status', '--porcelain'), '')
}
