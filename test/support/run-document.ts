import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { barbacane, isolatedEnv } from './binary.ts'

/** The code blocks of a Markdown text that are marked `sh run`, in order. */
export function runnableBlocks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```sh run\n(.*?)^```$/gms)].map(([, block]) => block as string)
}

export interface DocumentRun {
  readonly exit: number | null
  /** Both streams, as a reader's terminal shows them. */
  readonly output: string
}

/**
 * Runs the marked blocks of a document as one shell session in a fresh folder, with `barbacane` on the PATH. It ends
 * at the first command that fails; what it started in the background ends with it. The default ports of the gateway
 * are replaced by free ones.
 *
 * @param more variables of its environment
 */
export async function runDocument(
  markdown: string,
  more: Readonly<Record<string, string>> = {},
): Promise<DocumentRun> {
  const scratch = await mkdtemp(join(tmpdir(), 'barbacane-document-'))
  try {
    const [bin, home, cwd] = [join(scratch, 'bin'), join(scratch, 'home'), join(scratch, 'work')]
    await Promise.all([bin, home, cwd].map((folder) => mkdir(folder)))
    await writeFile(join(bin, 'barbacane'), `#!/bin/sh\nexec ${barbacane().join(' ')} "$@"\n`)
    await chmod(join(bin, 'barbacane'), 0o755)
    const env = isolatedEnv(home)
    return await runShell(await withFreePorts(runnableBlocks(markdown).join('\n')), {
      cwd,
      env: { ...env, ...more, PATH: `${bin}:${env['PATH']}` },
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function runShell(
  script: string,
  { cwd, env }: { readonly cwd: string; readonly env: Record<string, string> },
): Promise<DocumentRun> {
  // A process group of its own, so that a gateway in the background ends with the session.
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const [exit] = (await once(shell, 'exit')) as [number | null]
  endGroup(shell.pid as number)
  return { exit, output }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function withFreePorts(script: string): Promise<string> {
  const listeners = [8080, 8081, 9100].map((port) => [port, createServer().listen(0, '127.0.0.1')] as const)
  let replaced = script
  for (const [port, listener] of listeners) {
    if (!listener.listening) await once(listener, 'listening')
    replaced = replaced.replaceAll(`:${port}`, `:${(listener.address() as AddressInfo).port}`)
  }
  await Promise.all(listeners.map(([, listener]) => new Promise((resolve) => listener.close(resolve))))
  return replaced
}
