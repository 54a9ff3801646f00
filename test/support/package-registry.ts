import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface PackageRegistry extends AsyncDisposable {
  /** What makes npm ask it. */
  readonly env: Readonly<Record<string, string>>
  /** The tarballs that were fetched, in order. */
  readonly fetched: readonly string[]
}

/** Packs these folders with npm and serves them as a registry does. */
export async function startPackageRegistry(folders: readonly string[]): Promise<PackageRegistry> {
  const packages = await Promise.all(folders.map((folder) => pack(folder)))
  const fetched: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    const host = `http://${request.headers.host}`
    const byTarball = packages.find(({ tarball }) => path === `/-/${tarball}`)
    const byName = packages.filter(({ manifest }) => path === `/${manifest.name}`)
    if (byTarball !== undefined) {
      fetched.push(byTarball.tarball)
      return void response.end(byTarball.bytes)
    }
    if (byName.length === 0) return void response.writeHead(404).end('{}')
    const versions = byName.map(({ manifest, tarball, integrity }) => {
      return [
        manifest.version,
        { ...manifest, dist: { tarball: `${host}/-/${tarball}`, integrity } },
      ] as const
    })
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        name: byName[0]?.manifest.name,
        versions: Object.fromEntries(versions),
        'dist-tags': {},
      }),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    env: { npm_config_registry: address, npm_config_update_notifier: 'false' },
    fetched,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Packs to a folder of its own: some of what is packed is what is installed here. */
async function pack(folder: string) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
  }
  const target = await mkdtemp(join(tmpdir(), 'barbacane-pack-'))
  try {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', target]
    const { stdout } = await run('npm', args, { cwd: folder })
    const [{ integrity }] = JSON.parse(stdout) as [{ integrity: string }]
    const [tarball = ''] = await readdir(target)
    return { manifest, tarball, integrity, bytes: await readFile(join(target, tarball)) }
  } finally {
    await rm(target, { recursive: true })
  }
}
