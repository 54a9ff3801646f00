// Starts one of the proxies that the gateway is compared with: node peers.mjs NAME PORT UPSTREAM
import { createServer } from 'node:http'

const [name, port, upstream] = process.argv.slice(2)
const listening = { host: '127.0.0.1', port: Number(port) }

const peers = {
  '@fastify/http-proxy': async () => {
    const { default: fastify } = await import('fastify')
    const { default: proxy } = await import('@fastify/http-proxy')
    const app = fastify()
    app.register(proxy, { upstream, undici: { connections: 64, pipelining: 1 } })
    await app.listen(listening)
  },
  'fast-gateway': async () => {
    const { default: gateway } = await import('fast-gateway')
    await gateway({ routes: [{ prefix: '', prefixRewrite: '', target: upstream }] }).start(
      listening.port,
      listening.host,
    )
  },
  'http-proxy-middleware': async () => {
    const { default: express } = await import('express')
    const { createProxyMiddleware } = await import('http-proxy-middleware')
    const { Agent } = await import('node:http')
    const app = express()
    app.use(
      createProxyMiddleware({ target: upstream, agent: new Agent({ keepAlive: true, maxSockets: 64 }) }),
    )
    createServer(app).listen(listening)
  },
}

await peers[name]()
