import { z } from 'zod';

const base = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  required: z.array(z.string()).optional(),
  description: z.string().optional(),
});
/** A JSON Schema, as far as one reads it out. */
export type Shape = z.output<typeof base> & {
  properties?: Record<string, Shape> | undefined;
  items?: Shape | undefined;
  anyOf?: Shape[] | undefined;
  oneOf?: Shape[] | undefined;
};
export const shapeSchema: z.ZodType<Shape> = base.extend({
  get properties() {
    return z.record(z.string(), shapeSchema).optional();
  },
  get items() {
    return shapeSchema.optional();
  },
  get anyOf() {
    return z.array(shapeSchema).optional();
  },
  get oneOf() {
    return z.array(shapeSchema).optional();
  },
});

/** A schema as one would write the type down: `{ items: { id: string }[], next: string | null }`. */
export function shapeText(shape: Shape, indent = ''): string {
  const either = shape.anyOf ?? shape.oneOf;
  if (shape.$ref !== undefined) return shape.$ref.split('/').at(-1) ?? '';
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum !== undefined) return shape.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (either !== undefined) return [...new Set(either.map((one) => shapeText(one, indent)))].join(' | ');
  if (shape.items !== undefined) {
    const item = shapeText(shape.items, indent);
    return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
  }
  if (shape.properties !== undefined) return objectText(shape.properties, shape.required ?? [], indent);
  if (Array.isArray(shape.type)) return shape.type.join(' | ');
  return shape.type ?? 'unknown';
}

function objectText(properties: Readonly<Record<string, Shape>>, required: readonly string[], indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, shape]) => {
    const note = shape.description === undefined ? '' : `  // ${shape.description}`;
    return `${inner}${name}${required.includes(name) ? '' : '?'}: ${shapeText(shape, inner)}${note}`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}
