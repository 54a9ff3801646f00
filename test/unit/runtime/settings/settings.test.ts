import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readSettings, serveDefaults } from '../../../../src/runtime/index.ts'
import { expectRejection } from '../../../support/expect-problem.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const none = { env: {}, cwd: '/' }
const file = (name: string, text: string) => temporaryFolder({ [name]: text })

describe('readSettings', () => {
  it('takes a flag before a variable, a variable before the file, and the file before what is preset', async () => {
    await using folder = await file(
      'gateway.yaml',
      'artifact: file.bca\nlisten: 127.0.0.1:1\nadmin-bind: 127.0.0.1:1\nlog-level: debug\nshutdown-timeout: 7\n',
    )
    const env = { BARBACANE_LISTEN: '127.0.0.1:2', BARBACANE_ADMIN_BIND: '127.0.0.1:2' }
    const { flags, nameOf } = await readSettings({ listen: '127.0.0.1:3' }, 'gateway.yaml', {
      env,
      cwd: folder.path,
    })
    assert.deepEqual(flags, {
      ...serveDefaults,
      artifact: 'file.bca',
      listen: '127.0.0.1:3',
      'admin-bind': '127.0.0.1:2',
      'log-level': 'debug',
      'shutdown-timeout': '7',
    })
    const names = (['listen', 'admin-bind', 'log-level', 'dev'] as const).map(nameOf)
    assert.deepEqual(names, ['--listen', 'BARBACANE_ADMIN_BIND', 'gateway.yaml:4:1: log-level', '--dev'])
  })

  it('finds the file by a variable, and reads switches and lists of all sources', async () => {
    await using folder = await file(
      'g.yaml',
      'dev: true\nallow-private-upstream: true\ntrusted-proxies: [10.0.0.0/8, "::1"]\n',
    )
    const env = {
      BARBACANE_CONFIG: 'g.yaml',
      BARBACANE_ALLOW_PRIVATE_UPSTREAM: 'false',
      BARBACANE_NODE_NAME: '',
    }
    const { flags } = await readSettings({ artifact: 'a.bca', dev: false }, undefined, {
      env,
      cwd: folder.path,
    })
    assert.deepEqual(flags, {
      ...serveDefaults,
      artifact: 'a.bca',
      dev: true,
      'allow-private-upstream': false,
      'trusted-proxies': '10.0.0.0/8,::1',
    })
  })

  it('refuses what the file may not say, with the place', async () => {
    const wrong: readonly [string, RegExp, number][] = [
      ['listen: 127.0.0.1:1\nlistn: 127.0.0.1:2\n', /`listn` is no setting/, 2],
      ['config: other.yaml\n', /`config` is no setting/, 1],
      ['dev: "yes"\n', /`dev` is neither true nor false/, 1],
      ['\nlisten: [a]\n', /`listen` is no text/, 2],
      ['trusted-proxies: [1]\n', /`trusted-proxies` is neither a text nor a list of texts/, 1],
      ['- listen\n', /it is not a mapping/, 1],
      ['listen: a\nlisten: b\n', /it is not YAML/, 2],
      ['listen: {\n', /it is not YAML/, 2],
    ]
    for (const [text, message, line] of wrong) {
      await using folder = await file('g.yaml', text)
      const problem = await expectRejection('BCN_SERVE_CONFIG', () =>
        readSettings({ artifact: 'a.bca' }, 'g.yaml', { env: {}, cwd: folder.path }),
      )
      assert.match(problem.message, message)
      assert.deepEqual([problem.at?.file, problem.at?.line], ['g.yaml', line], text)
    }
  })

  it('tells what a member of the file may be a slip of', async () => {
    await using folder = await file('g.yaml', 'listn: a\n')
    const problem = await expectRejection('BCN_SERVE_CONFIG', () =>
      readSettings({ artifact: 'a.bca' }, 'g.yaml', { env: {}, cwd: folder.path }),
    )
    assert.match(problem.hint, /^Did you mean `listen`\?/)
  })

  it('refuses a file that is not there, or is too large', async () => {
    await using folder = await file('g.yaml', `# ${'x'.repeat(65_536)}\n`)
    for (const [name, message] of [
      ['g.yaml', /larger than 65536 bytes/],
      ['none.yaml', /no such file/i],
    ] as const) {
      const problem = await expectRejection('BCN_SERVE_CONFIG', () =>
        readSettings({ artifact: 'a.bca' }, name, { env: {}, cwd: folder.path }),
      )
      assert.match(problem.message, message)
    }
  })

  it('refuses variables that are slips of settings, and leaves those of others alone', async () => {
    const env = { BARBACANE_LISTN: '127.0.0.1:1' }
    const problem = await expectRejection('BCN_SERVE_OPTION', () =>
      readSettings({ artifact: 'a.bca' }, undefined, { ...none, env }),
    )
    assert.match(problem.message, /^BARBACANE_LISTN: .*BARBACANE_LISTEN/)
    // What Kubernetes sets for a service that is called barbacane.
    const foreign = {
      BARBACANE_SERVICE_HOST: '10.0.0.1',
      BARBACANE_PORT_8080_TCP: 'tcp://',
      BARBACANE_PORT: 'tcp://',
    }
    const { flags } = await readSettings({ artifact: 'a.bca' }, undefined, { ...none, env: foreign })
    assert.deepEqual(flags, { ...serveDefaults, artifact: 'a.bca' })
  })

  it('refuses a switch that is neither true nor false, and a gateway without an artifact', async () => {
    const env = { BARBACANE_DEV: 'yes' }
    await expectRejection('BCN_SERVE_OPTION', () =>
      readSettings({ artifact: 'a.bca' }, undefined, { ...none, env }),
    )
    await expectRejection('BCN_SERVE_OPTION', () => readSettings({}, undefined, none))
  })
})
