// A personal data server with its directory of identities, on this machine alone.
//
// `node server.mjs MODULES FOLDER [limited]` says on its first line where it listens, as JSON. It ends
// with its standard input, and FOLDER with it: it never outlives whoever started it.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import { join } from 'node:path'

const [modules, folder, limited] = process.argv.slice(2)
const require = createRequire(join(modules, 'here.js'))

// Both servers call listen(port), which would open them to the network.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number'
    ? listen.call(this, port, '127.0.0.1', ...rest)
    : listen.call(this, port, ...rest)
}

const freePort = async () => {
  const server = net.createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

process.stdin.resume()
process.stdin.on('end', () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})

const plc = require('@did-plc/server')
const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')
const secret = () => randomBytes(32).toString('hex')

const directory = await plc.PlcServer.create({ db: plc.Database.mock(), port: await freePort() })
const heard = await directory.start()
const env = {
  port: await freePort(),
  hostname: 'localhost',
  devMode: true,
  disableSsrfProtection: true,
  dataDirectory: folder,
  blobstoreDiskLocation: join(folder, 'blobs'),
  didPlcUrl: `http://127.0.0.1:${heard.address().port}`,
  inviteRequired: false,
  serviceHandleDomains: ['.test'],
  rateLimitsEnabled: limited === 'limited',
  jwtSecret: secret(),
  dpopSecret: secret(),
  adminPassword: secret(),
  plcRotationKeyK256PrivateKeyHex: secret(),
}
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()
const { port, adminPassword, jwtSecret } = env
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, adminPassword, jwtSecret }))
