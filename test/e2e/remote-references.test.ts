import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { remoteDocumentPath, sha256Hex } from '../../src/domain/index.ts'
import { isolatedEnv } from '../support/binary.ts'
import { startDocumentServer, type DocumentServer } from '../support/document-server.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'

const COMMON = `Book:
  type: object
  additionalProperties: false
  properties:
    title: { type: string, maxLength: 100, pattern: '^(a+)+$' }
    price: { $ref: types.json#/Price }
`
const TYPES = '{ "Price": { "type": "integer", "minimum": 1, "maximum": 9 } }'

const descriptionOf = (ref: string) => `openapi: 3.1.0
info: { title: Books, version: '1' }
paths:
  /books:
    post:
      operationId: addBook
      x-barbacane-dispatch: { name: mock }
      requestBody:
        content:
          application/json:
            schema: { $ref: '${ref}' }
      responses: { '200': { description: ok } }
`

describe('references to the network', () => {
  let server: DocumentServer
  let folder: TemporaryFolder
  let common: string
  let types: string
  let allowed: readonly string[]

  const env = () => ({ NODE_EXTRA_CA_CERTS: server.certificatePath ?? '', SOURCE_DATE_EPOCH: '0' })
  const run = (...args: readonly string[]) => runBarbacane(args, { cwd: folder.path, env: env() })
  const works = async (...args: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await run(...args)
    assert.equal(exit, 0, `${args.join(' ')}: ${stdout}${stderr}`)
    return stdout
  }
  const fails = async (exit: number, expected: RegExp, ...args: readonly string[]): Promise<void> => {
    const ran = await run(...args)
    assert.equal(ran.exit, exit, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`)
    assert.match(ran.stdout + ran.stderr, expected)
  }
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: folder.path, env: isolatedEnv(folder.path), encoding: 'utf8' })
  const forget = () => rm(join(folder.path, '.cache'), { recursive: true, force: true })

  before(async () => {
    server = await startDocumentServer('https')
    common = `${server.origin}/schemas/common.yaml`
    types = `${server.origin}/schemas/types.json`
    allowed = ['--insecure-ref-host', server.host]
  })
  after(() => server[Symbol.asyncDispose]())

  beforeEach(async () => {
    server.documents.clear()
    server.requests.length = 0
    server.documents.set('/schemas/common.yaml', {
      headers: { 'content-type': 'application/yaml; charset=utf-8' },
      body: COMMON,
    })
    server.documents.set('/schemas/types.json', { body: TYPES })
    folder = await temporaryFolder({
      'barbacane.yaml': 'version: 1\n',
      'specs/api.yaml': descriptionOf(`${common}#/Book`),
      '.gitignore': '*.bca*\n*.json\n*.key\n*.pub\n.cache/\n',
    })
  })
  afterEach(() => folder[Symbol.asyncDispose]())

  it('are not followed unless they are allowed and pinned', async () => {
    await fails(3, /api\.yaml\n\s+11:29\s+error\s+The reference to https:.* would have to be fetched/, 'lint')
    await fails(3, /barbacane\.lock does not pin it/, 'lint', '--allow-remote-refs', ...allowed)
    await fails(
      3,
      /barbacane\.lock does not pin it/,
      'compile',
      '-o',
      'a.bca',
      '--allow-remote-refs',
      ...allowed,
    )
    await fails(2, /BCN_REF_PRIVATE[^]*address (127\.0\.0\.1|::1) is not a public one/, 'lock')
    await fails(3, /barbacane\.lock does not pin it[^]*BCN_LOCK_FROZEN/, 'lock', '--frozen', ...allowed)
    assert.deepEqual(server.requests, [])
  })

  it('are pinned by lock, those of the documents too, and only where they are allowed to be', async () => {
    const ci = { cwd: folder.path, env: { ...env(), CI: 'true' } }
    const frozen = await runBarbacane(['lock', ...allowed], ci)
    assert.equal(frozen.exit, 3)
    assert.deepEqual(server.requests, [])
    const output = await works('lock', ...allowed)
    assert.match(
      output,
      /^\+ https:.*common\.yaml {2}sha256:\w{12} {2}\d+ B\n\+ https:.*types\.json .*\nWrote barbacane\.lock: 2 documents\.$/m,
    )
    const text = await readFile(join(folder.path, 'barbacane.lock'), 'utf8')
    const lock: unknown = JSON.parse(text)
    assert.deepEqual(lock, {
      version: 1,
      documents: {
        [common]: { sha256: sha256Hex(COMMON), size: COMMON.length, media_type: 'application/yaml' },
        [types]: { sha256: sha256Hex(TYPES), size: TYPES.length, media_type: null },
      },
    })
    const schema = await readFile(join(repositoryRoot, 'schemas/barbacane-lock.schema.json'), 'utf8')
    assert.ok(new Ajv2020({ strict: false, formats: { uri: true } }).validate(JSON.parse(schema), lock))
    assert.match(await works('lock', ...allowed), /^barbacane\.lock is complete: 2 documents\.$/m)
    assert.equal((await runBarbacane(['lock', ...allowed], ci)).exit, 0)
    assert.deepEqual(server.requests, ['/schemas/common.yaml', '/schemas/types.json'])
  })

  it('are pinned up to a number', async () => {
    const names = Array.from({ length: 1001 }, (_, index) => `/parts/${index}.json`)
    for (const name of names) server.documents.set(name, { body: TYPES })
    const parts = names.map((name, index) => `P${index}: { $ref: '${server.origin}${name}#/Price' }\n`)
    server.documents.set('/schemas/common.yaml', {
      body: `Book: { properties: { ${parts.map((part) => part.trimEnd()).join(', ')} } }\n`,
    })
    await fails(2, /BCN_LOCK_TOO_MANY[^]*common\.yaml:1:/, 'lock', ...allowed)
    await assert.rejects(readFile(join(folder.path, 'barbacane.lock')), { code: 'ENOENT' })
  })

  it('have their findings at their URL', async () => {
    await works('lock', ...allowed)
    const { stdout } = await run('lint', '--json', '--allow-remote-refs', ...allowed)
    const { result } = JSON.parse(stdout) as {
      result: {
        files: string[]
        findings: { rule: string; at: { file: string; line: number; col: number } }[]
      }
    }
    assert.deepEqual(result.files, [common, types, 'specs/api.yaml'])
    const { at } = result.findings.find(({ rule }) => rule === 'pattern-backtracking') ?? {}
    assert.deepEqual([at?.file, at?.line, at?.col], [common, 5, 53])
    const text = await run('lint', '--allow-remote-refs', ...allowed)
    assert.ok(text.stdout.includes(`\n${common}\n`) || text.stdout.startsWith(`${common}\n`), text.stdout)
  })

  it('compile to the same artifact from the cache, with every byte among the inputs', async () => {
    await works('lock', ...allowed)
    await works('compile', '-o', 'a.bca', '--allow-remote-refs', ...allowed)
    const asked = server.requests.length
    await works('compile', '-o', 'b.bca', '--offline', '--allow-remote-refs', ...allowed)
    assert.equal(server.requests.length, asked)
    const [first, second] = await Promise.all(
      ['a.bca', 'b.bca'].map((name) => readFile(join(folder.path, name))),
    )
    const { manifest, entries } = decodeArtifact(first as Buffer)
    assert.deepEqual(first, second)
    assert.deepEqual(
      manifest.inputs.map(({ kind, path }) => `${kind} ${path}`).toSorted(),
      [
        'config barbacane.lock',
        'config barbacane.yaml',
        'option .barbacane/options.json',
        `schema ${remoteDocumentPath(common)}`,
        `schema ${remoteDocumentPath(types)}`,
        'spec specs/api.yaml',
      ].toSorted(),
    )
    assert.equal(entries.get(`schemas/${remoteDocumentPath(common)}`)?.toString(), COMMON)
    await forget()
    await fails(
      7,
      /BCN_REF_NOT_CACHED/,
      'compile',
      '-o',
      'c.bca',
      '--offline',
      '--allow-remote-refs',
      ...allowed,
    )
  })

  it('are followed by every step of ship', async () => {
    await works('lock', ...allowed)
    const ship = ['ship', '-o', 'a.bca', '--unsigned', '--dry-run']
    await fails(3, /would have to be fetched/, ...ship)
    await works(...ship, '--allow-remote-refs', ...allowed)
  })

  it('are verified against the lock of the commit, and rebuilt without a network or a cache', async () => {
    await works('lock', ...allowed)
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'first')
    await works('keygen', '-o', 'release', '--type', 'ed25519')
    await works('compile', '-o', 'a.bca', '--allow-remote-refs', ...allowed)
    await works('sign', 'a.bca', '--key', 'release.key')
    await forget()
    const asked = server.requests.length
    const report = await works('verify', 'a.bca', '--key', 'release.pub', '--git', '--rebuild')
    assert.match(report, /3 of 3 inputs .*; 2 documents of the network are what its lock pins/)
    assert.equal(server.requests.length, asked)
    await works('diff', 'git:HEAD', 'a.bca', '--allow-remote-refs', ...allowed, '--exit-code')
    await folder.write({ 'specs/api.yaml': descriptionOf(`${types}#/Price`) })
    git('add', '.')
    const staged = await run('lint', '--staged', '--allow-remote-refs', ...allowed)
    assert.equal(staged.exit, 0, staged.stdout)

    const lock = await readFile(join(folder.path, 'barbacane.lock'), 'utf8')
    await folder.write({
      'specs/api.yaml': descriptionOf(`${common}#/Book`),
      'barbacane.lock': lock.replace(sha256Hex(TYPES), '0'.repeat(64)),
    })
    git('commit', '-qam', 'another pin')
    const other = git('rev-parse', 'HEAD').trim()
    await folder.write({ 'barbacane.lock': lock })
    await works('compile', '-o', 'b.bca', '--allow-remote-refs', ...allowed, '--provenance-commit', other)
    await works('sign', 'b.bca', '--key', 'release.key')
    await fails(4, /BCN_VERIFY_GIT_DIFFERS/, 'verify', 'b.bca', '--key', 'release.pub', '--git')
    await fails(4, /BCN_VERIFY_REBUILD_DIFFERS/, 'verify', 'b.bca', '--key', 'release.pub', '--rebuild')
  })

  it('are refused when they have changed, until the lock is updated', async () => {
    await works('lock', ...allowed)
    server.documents.set('/schemas/types.json', { body: TYPES.replace('9', '8') })
    await works('compile', '-o', 'a.bca', '--allow-remote-refs', ...allowed)
    await forget()
    const place = /BCN_REF_CHANGED[^]*types\.json:?[^]*barbacane lock --update https:/
    await fails(4, place, 'lint', '--allow-remote-refs', ...allowed)
    await fails(4, /BCN_REF_CHANGED/, 'lock', ...allowed)
    await fails(2, /BCN_LOCK_UNKNOWN/, 'lock', '--update', `${server.origin}/other.yaml`, ...allowed)
    await fails(2, /URLs are named with --update/, 'lock', types, ...allowed)
    await fails(2, /The lock is frozen/, 'lock', '--update', '--frozen')
    assert.match(await works('lock', '--update', types, ...allowed), /^~ https:.*types\.json/m)
    await works('lint', '--allow-remote-refs', ...allowed)
    await folder.write({ 'specs/api.yaml': descriptionOf(`${types}#/Price`) })
    await fails(
      3,
      /Nothing refers to [^]*BCN_LOCK_FROZEN\n {2}barbacane\.lock:4:5/,
      'lock',
      '--frozen',
      ...allowed,
    )
    assert.match(await works('lock', ...allowed), /^- https:.*common\.yaml$/m)
  })

  it('follow redirects to places that are allowed, and read neither files nor web pages', async () => {
    server.documents.set('/moved.yaml', { status: 302, headers: { location: '/schemas/common.yaml' } })
    server.documents.set('/schemas/moved.yaml', {
      status: 308,
      headers: { location: '../schemas/common.yaml' },
    })
    await folder.write({ 'specs/api.yaml': descriptionOf(`${server.origin}/schemas/moved.yaml#/Book`) })
    await works('lock', ...allowed)
    server.documents.set('/plain.yaml', { status: 302, headers: { location: 'http://192.0.2.1/x.yaml' } })
    server.documents.set('/inner.yaml', { status: 302, headers: { location: 'https://169.254.169.254/x' } })
    server.documents.set('/login', { headers: { 'content-type': 'text/html' }, body: '<html>' })
    server.documents.set('/file.yaml', { body: 'Book: { $ref: file:///etc/passwd }\n' })
    server.documents.set('/broken.yaml', { body: 'Book: [\n' })
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ['/plain.yaml#/Book', 2, /BCN_REF_INSECURE/],
      ['/inner.yaml#/Book', 2, /BCN_REF_PRIVATE/],
      ['/login', 2, /BCN_REF_MEDIA_TYPE/],
      ['/none.yaml', 7, /BCN_OCI_DOWNLOAD[^]*status 404/],
      [
        '/file.yaml#/Book',
        3,
        /may not lead to files {2}ref-remote[^]*BCN_LOCK_INCOMPLETE\n {2}https:.*file\.yaml:1:15/,
      ],
      ['/broken.yaml#/Book', 3, /syntax[^]*BCN_LOCK_INCOMPLETE/],
    ]
    for (const [path, exit, expected] of cases) {
      await folder.write({ 'specs/api.yaml': descriptionOf(server.origin + path) })
      await fails(exit, expected, 'lock', ...allowed)
    }
  })

  it('go without TLS only to hosts that are named', async () => {
    await using plain = await startDocumentServer('http')
    plain.documents.set('/price.json', { body: TYPES })
    await folder.write({ 'specs/api.yaml': descriptionOf(`${plain.origin}/price.json#/Price`) })
    await fails(2, /BCN_REF_INSECURE[^]*--insecure-ref-host localhost:\d+/, 'lock', ...allowed)
    assert.deepEqual(plain.requests, [])
    const hosts = ['--insecure-ref-host', plain.host]
    await works('lock', ...hosts)
    await works('lint', '--allow-remote-refs', ...hosts)
    await fails(2, /BCN_REF_INSECURE/, 'lint', '--allow-remote-refs')
  })
})
