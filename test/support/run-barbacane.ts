import { spawn } from 'node:child_process'

import { barbacane, isolatedEnv } from './binary.ts'

export interface Ran {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the real binary in a folder, which is its home too, with the variables given and nothing of the machine's. */
export async function runBarbacane(
  args: readonly string[],
  { cwd, env = {}, wrap = [] }: { cwd: string; env?: Record<string, string>; wrap?: readonly string[] },
): Promise<Ran> {
  const [program = '', ...first] = [...wrap, ...barbacane(), ...args]
  const child = spawn(program, first, {
    cwd,
    env: { ...isolatedEnv(cwd), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const exit = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? -1))
  })
  return { exit, ...output }
}
