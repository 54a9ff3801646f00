import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'

import { parseAllDocuments } from 'yaml'

import { barbacane, isolatedEnv } from '../support/binary.ts'
import { debianTools } from '../support/debian-tools.ts'
import { runBarbacane } from '../support/run-barbacane.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { allowedSystemCalls, systemCallsIn } from '../support/system-calls.ts'

const exec = promisify(execFile)
const judges = createRequire(join(repositoryRoot, 'test/judges/package.json'))
let project: string
const file = (path: string) => readFileSync(join(project, 'deploy', path), 'utf8')

// What users get, by the command that writes it.
before(async () => {
  project = mkdtempSync(join(tmpdir(), 'deploy-'))
  const targets = ['kubernetes', 'systemd', 'compose'].flatMap((target) => ['--deploy', target])
  const { exit, stderr } = await runBarbacane(['init', '.', ...targets], { cwd: project })
  assert.equal(exit, 0, stderr)
})

after(() => rmSync(project, { recursive: true }))

interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

interface Pod {
  readonly initContainers: readonly Container[]
  readonly containers: readonly Container[]
}

interface Container {
  readonly image: string
  readonly env: readonly { readonly valueFrom?: { readonly configMapKeyRef?: { readonly name: string } } }[]
}

describe('deploy/kubernetes', { skip: debianTools(['kubectl', 'kubernetes-client']) }, () => {
  const build = async (): Promise<readonly Manifest[]> => {
    const { stdout } = await exec('kubectl', ['kustomize', join(project, 'deploy/kubernetes')])
    return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest)
  }

  it('is put together by Kustomize, and a release that changes changes the pods', async () => {
    const imageOf = async () => {
      const manifests = await build()
      const workload = manifests.find(({ kind }) => kind === 'StatefulSet') as Manifest & {
        spec: { template: { spec: Pod } }
      }
      const { containers, initContainers } = workload.spec.template.spec
      assert.match(containers[0]?.image ?? '', /^registry\.example\/barbacane:\d+\.\d+\.\d+/)
      assert.equal(initContainers[0]?.image, containers[0]?.image)
      const map = initContainers[0]?.env[0]?.valueFrom?.configMapKeyRef?.name
      assert.ok(manifests.some(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === map))
      return map
    }
    const first = await imageOf()
    const path = join(project, 'deploy/kubernetes/kustomization.yaml')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/sha256:0{8}/, 'sha256:12345678'))
    assert.notEqual(await imageOf(), first)
  })

  it('is what the types of Kubernetes say, with no key that they do not know', async () => {
    const manifests = await build()
    assert.deepEqual(manifests.map(({ kind }) => kind).toSorted(), [
      'ConfigMap',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'Service',
      'StatefulSet',
    ])
    assert.equal(checkTypes(manifests), '')
    const broken = JSON.parse(
      JSON.stringify(manifests).replace('"readOnlyRootFilesystem"', '"readOnlyRootFileSystem"'),
    ) as Manifest[]
    assert.match(checkTypes(broken), /readOnlyRootFileSystem"' does not exist in type 'ISecurityContext'/)
  })

  it('gives no container more rights than it needs', async () => {
    const text = JSON.stringify(await build())
    for (const right of [
      '"allowPrivilegeEscalation":false',
      '"readOnlyRootFilesystem":true',
      '"drop":["ALL"]',
    ]) {
      assert.equal(text.split(right).length - 1, 2, right)
    }
    assert.match(text, /"runAsNonRoot":true/)
    assert.match(text, /"automountServiceAccountToken":false/)
  })
})

/** What the compiler of TypeScript finds in these objects, each as a literal of its type. */
function checkTypes(manifests: readonly Manifest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'types-'))
  try {
    symlinkSync(join(repositoryRoot, 'test/judges/node_modules'), join(folder, 'node_modules'))
    const lines = manifests.map((manifest, index) => {
      const { apiVersion, kind } = manifest
      const module = `kubernetes-models/${apiVersion}/${kind}`
      return `import type { I${kind} as T${index} } from '${module}'\nexport const v${index}: T${index} = ${JSON.stringify(manifest)}\n`
    })
    writeFileSync(join(folder, 'manifests.ts'), lines.join(''))
    const flags = ['--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024', '--types', '']
    const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [compiler, ...flags, 'manifests.ts'], { cwd: folder, encoding: 'utf8' })
    return ''
  } catch (error) {
    const { stdout } = error as { stdout?: string }
    if (stdout === undefined) throw error
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('deploy/gateway.service', { skip: debianTools(['systemd-analyze', 'systemd']) }, () => {
  it('is what systemd understands, and starts what is there', async () => {
    const unit = join(project, 'gateway.service')
    const program = '/opt/barbacane/bin/barbacane'
    const text = file('gateway.service')
    assert.ok(text.includes(`ExecStart=${program} serve `))
    const verify = async (content: string) => {
      writeFileSync(unit, content.replace(program, process.execPath))
      const { stderr } = await exec('systemd-analyze', ['verify', '--man=no', unit])
      return stderr.split('\n').filter((line) => line.includes(unit))
    }
    assert.deepEqual(await verify(text), [])
    assert.match((await verify(text.replace('TimeoutStopSec', 'TimeoutStopSek'))).join(''), /Unknown key/)
  })

  it('is confined: at most 1.5 of the ten points that systemd counts', async () => {
    const root = join(project, 'root')
    mkdirSync(join(root, 'etc/systemd/system'), { recursive: true })
    writeFileSync(join(root, 'etc/systemd/system/gateway.service'), file('gateway.service'))
    const judge = ['security', '--offline=true', `--root=${root}`, '--no-pager', '--threshold=15']
    const { stdout } = await exec('systemd-analyze', [...judge, 'gateway.service'])
    assert.match(stdout, /Overall exposure level for gateway\.service: 1\.\d OK/)
  })
})

const tracing = debianTools('strace', ['systemd-analyze', 'systemd'])

describe('the system calls of a gateway', { skip: tracing }, () => {
  it('are ones that deploy/gateway.service allows, from the start to the end', async () => {
    const compiled = await runBarbacane(['compile', '-o', 'traced.bca'], { cwd: project })
    assert.equal(compiled.exit, 0, compiled.stderr)
    const trace = join(project, 'trace.txt')
    const flags = ['--artifact', 'traced.bca', '--listen', '127.0.0.1:0', '--admin-bind', '127.0.0.1:0']
    const traced = ['-f', '-o', trace, ...barbacane(), 'serve', ...flags]
    const gateway = spawn('strace', traced, { cwd: project, env: isolatedEnv(project), detached: true })
    let log = ''
    gateway.stdout.setEncoding('utf8').on('data', (text: string) => (log += text))
    while (!log.includes('"listening"')) await once(gateway.stdout, 'data')
    const line = log.split('\n').find((text) => text.includes('"listening"')) ?? ''
    const { address, admin } = JSON.parse(line) as { readonly address: string; readonly admin: string }
    for (const url of [`${address}/tasks?limit=3`, `${admin}/_admin/provenance`, `${admin}/metrics`])
      assert.equal((await fetch(`http://${url}`)).status, 200)
    // The gateway is the child of strace, which keeps the signal from itself.
    process.kill(-(gateway.pid as number), 'SIGTERM')
    await once(gateway, 'close')
    const used = systemCallsIn(readFileSync(trace, 'utf8'))
    assert.ok(used.has('listen') && used.has('exit_group'), log)
    const allowed = allowedSystemCalls(file('gateway.service'))
    assert.deepEqual(
      [...used].filter((name) => !allowed.has(name)),
      [],
    )
    assert.ok(!allowed.has('mount') && !allowed.has('reboot') && !allowed.has('setuid'))
  })
})

describe('deploy/compose.yaml', { skip: debianTools('docker-compose') }, () => {
  it('is what Compose understands', async () => {
    const path = join(project, 'deploy/compose.yaml')
    const { stdout } = await exec('docker-compose', ['-f', path, 'config'])
    assert.match(stdout, /read_only: true/)
    assert.ok(stdout.includes(join(project, 'gateway.bca')))
    const broken = join(project, 'deploy/broken.yaml')
    writeFileSync(broken, file('compose.yaml').replace('cap_drop', 'cap_drops'))
    await assert.rejects(exec('docker-compose', ['-f', broken, 'config']), /cap_drops/)
  })
})

describe('deploy/Dockerfile', () => {
  const { validate } = judges('dockerfile-utils') as {
    validate: (text: string) => readonly { readonly message: string }[]
  }

  it('has nothing that a linter objects to', () => {
    assert.deepEqual(validate(file('Dockerfile')), [])
    assert.notDeepEqual(validate(file('Dockerfile').replace('STOPSIGNAL SIGTERM', 'STOPSIGNAL')), [])
  })

  it('installs an exact version and runs as nobody', () => {
    assert.match(file('Dockerfile'), / barbacane@\d+\.\d+\.\d+\n/)
    assert.match(file('Dockerfile'), /^USER 65532:65532$/m)
  })
})
