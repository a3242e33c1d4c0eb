// Reads RDF files with the libraries of npm, in one process: for each task on standard input (the library, the file, where to
// write) the statements are written as N-Quads. The libraries are found from the folder that is the only argument.

import { createRequire } from "node:module"
import { createReadStream, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"

const find = createRequire(join(process.argv[2], "package.json"))
const { Parser, Writer } = find("n3")

const FORMATS = { ttl: "text/turtle", nt: "application/n-triples", nq: "application/n-quads", trig: "application/trig" }

function loadNothing(address) {
  throw new Error(`${address} is not read: a dump stands by itself`)
}

function write(quads) {
  return new Writer({ format: "application/n-quads" }).quadsToString(quads)
}

const LIBRARIES = {
  n3: async path => write(new Parser({ format: FORMATS[path.split(".").pop()] }).parse(readFileSync(path, "utf8"))),

  jsonld: async path => {
    const document = JSON.parse(readFileSync(path, "utf8"))
    return find("jsonld").toRDF(document, { format: "application/n-quads", documentLoader: loadNothing })
  },

  "rdfxml-streaming-parser": async path => {
    const { RdfXmlParser } = find("rdfxml-streaming-parser")
    const quads = []
    // As text: a letter that two pieces of bytes share would be lost.
    await pipeline(createReadStream(path, "utf8"), new RdfXmlParser({ strict: true }), async stream => {
      for await (const quad of stream) quads.push(quad)
    })
    return write(quads)
  },

  "rdf-canonize": async path => {
    const canonize = find("rdf-canonize")
    return canonize.canonize(readFileSync(path, "utf8"), { algorithm: "RDFC-1.0", inputFormat: "application/n-quads" })
  },
}

for (const [library, path, target] of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    writeFileSync(target, await LIBRARIES[library](path))
  } catch (error) {
    console.error(`${library}: ${path}: ${error.stack}`)
    process.exitCode = 1
  }
}
