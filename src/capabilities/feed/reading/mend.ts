export function mendWorkbook(): void {}
