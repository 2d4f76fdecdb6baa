#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { becomeSmall, compileCacheDirectory } from './small-process.ts'

// An agent runs on every node of a cloud, beside what the node is for.
if (process.argv[2] === 'agent') becomeSmall(process.argv)
else enableCompileCache(compileCacheDirectory())
const { runProgram } = await import('./program.ts')
await runProgram(process.argv.slice(2))
