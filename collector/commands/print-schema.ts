import { configJsonSchema } from '../config/shape.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT } from './context.ts'

/** `launchtrace print-schema`: the JSON Schema of the configuration file, for editors. */
export async function runPrintSchema({ terminal }: CommandContext): Promise<ExitCode> {
  await terminal.out(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`)
  return EXIT.done
}
