import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { findCredentials } from '../../../../src/oci/registry/credentials.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { registryHost } from '../../../support/registry/index.ts'

const encode = (text: string) => Buffer.from(text).toString('base64')
const names = { registry: 'r.example', repository: 'team/pets' }

describe('credentials', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'credentials-'))
  })
  after(() => rm(folder, { recursive: true }))

  async function write(path: string, config: unknown): Promise<string> {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config))
    return file
  }
  const hostWith = (env: Record<string, string>) =>
    registryHost({ env: { HOME: join(folder, 'no'), ...env }, cwd: folder })

  it('come from the file that the environment names, or from the usual places', async () => {
    const auths = (user: string) => ({ auths: { 'r.example': { auth: encode(`${user}:pass:word`) } } })
    await write('named.json', auths('named'))
    await write('docker/config.json', auths('docker'))
    await write('run/containers/auth.json', auths('podman'))
    await write('home/.docker/config.json', auths('home'))
    const user = async (env: Record<string, string>) => {
      const found = await findCredentials(names, hostWith(env))
      return found?.kind === 'password' ? `${found.username}/${found.password}` : found
    }
    assert.equal(await user({ REGISTRY_AUTH_FILE: 'named.json', DOCKER_CONFIG: 'docker' }), 'named/pass:word')
    assert.equal(await user({ DOCKER_CONFIG: join(folder, 'docker') }), 'docker/pass:word')
    const both = { XDG_RUNTIME_DIR: join(folder, 'run'), HOME: join(folder, 'home') }
    assert.equal(await user(both), 'podman/pass:word')
    assert.equal(await user({ HOME: join(folder, 'home') }), 'home/pass:word')
    assert.equal(await user({}), undefined)
  })

  it('are found by the most specific name, and under the old names of Docker Hub', async () => {
    const entry = (name: string) => ({ username: name, password: 'p' })
    const config = {
      auths: {
        'r.example': entry('host'),
        'r.example/team': entry('team'),
        'https://old.example/v2/': entry('old'),
        'https://index.docker.io/v1/': entry('hub'),
        'identity.example': { auth: encode('00000000:'), identitytoken: 'refresh' },
        'bearer.example': { registrytoken: 'token' },
        'empty.example': {},
      },
    }
    const file = await write('names.json', config)
    const found = async (registry: string, repository = 'pets') => {
      const credentials = await findCredentials(
        { registry, repository },
        hostWith({ REGISTRY_AUTH_FILE: file }),
      )
      return credentials?.kind === 'password' ? credentials.username : credentials
    }
    assert.equal(await found('r.example', 'team/pets'), 'team')
    assert.equal(await found('r.example', 'teams/pets'), 'host')
    assert.equal(await found('old.example'), 'old')
    assert.equal(await found('docker.io', 'library/x'), 'hub')
    assert.deepEqual(await found('identity.example'), { kind: 'identity', token: 'refresh' })
    assert.deepEqual(await found('bearer.example'), { kind: 'bearer', token: 'token' })
    assert.equal(await found('empty.example'), undefined)
    assert.equal(await found('other.example'), undefined)
  })

  it('that cannot be read say so without showing a secret', async () => {
    const place = async (config: unknown) => hostWith({ REGISTRY_AUTH_FILE: await write('bad.json', config) })
    for (const config of [
      '{"auths":{"r.example":{"auth":"c2VjcmV0',
      '{"auths": secret}',
      '[]',
      { auths: { 'r.example': { auth: encode('secret') } } },
    ]) {
      const host = await place(config)
      const { message } = await expectRejection('BCN_OCI_CREDENTIALS', () => findCredentials(names, host))
      assert.doesNotMatch(message, /secret|c2VjcmV0/)
    }
    const missing = hostWith({ REGISTRY_AUTH_FILE: join(folder, 'missing.json') })
    await expectRejection('BCN_OCI_CREDENTIALS', () => findCredentials(names, missing))
  })

  it('come from helpers, which get the server on stdin', { skip: process.platform === 'win32' }, async () => {
    const bin = join(folder, 'bin')
    const helper = async (name: string, script: string) => {
      const file = await write(`bin/docker-credential-${name}`, `#!/bin/sh\nread server || true\n${script}\n`)
      await chmod(file, 0o755)
    }
    await helper('good', 'echo "{\\"Username\\":\\"$1-$server\\",\\"Secret\\":\\"s3cret\\"}"')
    await helper('token', 'echo \'{"Username":"<token>","Secret":"refresh"}\'')
    await helper('none', 'echo "credentials not found in native keychain"; exit 1')
    await helper('broken', 'echo "s3cret is locked"; exit 3')
    await helper('odd', 'echo "s3cret"')
    const ask = async (config: unknown, registry = 'r.example') => {
      const file = await write('helpers.json', config)
      const host = hostWith({ REGISTRY_AUTH_FILE: file, PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin` })
      return findCredentials({ registry, repository: 'pets' }, host)
    }
    const password = (username: string) => ({ kind: 'password', username, password: 's3cret' })
    assert.deepEqual(await ask({ credsStore: 'good' }), password('get-r.example'))
    assert.deepEqual(
      await ask({ credsStore: 'good' }, 'docker.io'),
      password('get-https://index.docker.io/v1/'),
    )
    const specific = { credHelpers: { 'r.example': 'token' }, credsStore: 'broken' }
    assert.deepEqual(await ask(specific), { kind: 'identity', token: 'refresh' })
    const fallback = { credsStore: 'none', auths: { 'r.example': { username: 'u', password: 's3cret' } } }
    assert.deepEqual(await ask(fallback), password('u'))
    for (const name of ['broken', 'odd', 'missing', '../good', '-x']) {
      const { message } = await expectRejection('BCN_OCI_CREDENTIALS', () => ask({ credsStore: name }))
      assert.doesNotMatch(message, /s3cret/)
    }
  })
})
