import { type ParsedYaml, parseYamlFile } from '../../../kernel/yaml-file.ts';
import { type Scheme, schemeSchema } from './scheme.ts';

/** Reads a scheme file; refuses with line and column what is not in form. What the scheme means is checked by `lintScheme`, not here. */
export function parseScheme(text: string): ParsedYaml<Scheme> {
  return parseYamlFile(text, schemeSchema);
}
