import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Note {
  readonly id: number
  /** The issue or pull request that it belongs to; for an issue its own number. */
  readonly number: number
  readonly user: { readonly login: string; readonly type: 'Bot' | 'User' }
  title?: string
  body: string
  state?: 'open' | 'closed'
  state_reason?: string
}

/** The part of GitHub's REST API that keeps comments and issues, held in memory. */
export interface FakeGithub extends AsyncDisposable {
  /** What makes `gh` talk to it: GitHub's own name for a server on the same machine, reached as a proxy. */
  readonly env: Readonly<Record<string, string>>
  readonly issues: Note[]
  readonly comments: Note[]
  /** Method and path of every request, in order. */
  readonly requests: readonly string[]
}

/** Status, body, and the address of the next page. */
type Answer = readonly [number, unknown, (string | undefined)?]

const PAGE_SIZE = 100

/** Serves the repository `acme/shop` to whoever has the token `secret`; others are answered as forbidden. */
export async function startFakeGithub(): Promise<FakeGithub> {
  const [issues, comments, requests]: [Note[], Note[], string[]] = [[], [], []]
  const server = createServer((request, response) => void serve(request, response))

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body, next] = await answer(request)
    const link = next === undefined ? {} : { link: `<${next}>; rel="next"` }
    response.writeHead(status, { 'content-type': 'application/json', ...link }).end(JSON.stringify(body))
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '')
    requests.push(`${request.method} ${url.pathname}`)
    if (request.headers.authorization !== 'token secret') return [403, { message: 'Forbidden' }]
    const fields = await readJson(request)
    const [, kind, number, below] =
      /^\/repos\/acme\/shop\/issues(\/comments)?(?:\/(\d+))?(\/comments)?$/.exec(url.pathname) ?? []
    const isComment = kind !== undefined || below !== undefined
    const notes = isComment ? comments : issues
    if (request.method === 'GET') {
      const listed = isComment
        ? comments.filter((note) => note.number === Number(number))
        : issues.filter(({ state }) => state === url.searchParams.get('state'))
      return page(url, listed)
    }
    if (request.method === 'PATCH') {
      const found = notes.find((note) => (isComment ? note.id : note.number) === Number(number))
      return found === undefined ? [404, { message: 'Not Found' }] : [200, Object.assign(found, fields)]
    }
    const id = issues.length + comments.length + 1000
    const note = {
      id,
      number: isComment ? Number(number) : issues.length + 1,
      user: { login: 'github-actions[bot]', type: 'Bot' },
      state: 'open',
      body: '',
      ...fields,
    } as const
    notes.push(note)
    return [201, note]
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    env: {
      GITHUB_SERVER_URL: 'https://github.localhost',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: '77',
      HTTP_PROXY: proxy,
      NO_PROXY: '127.0.0.1',
      GH_NO_UPDATE_NOTIFIER: '1',
    },
    issues,
    comments,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function page(url: URL, notes: readonly Note[]): Answer {
  const index = Number(url.searchParams.get('page') ?? 1)
  const rest = notes.slice((index - 1) * PAGE_SIZE)
  url.searchParams.set('page', `${index + 1}`)
  return [200, rest.slice(0, PAGE_SIZE), rest.length > PAGE_SIZE ? url.href : undefined]
}

async function readJson(request: IncomingMessage): Promise<Record<string, string>> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string
  return text === '' ? {} : (JSON.parse(text) as Record<string, string>)
}
