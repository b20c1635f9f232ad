export function Schemes() {
  return null;
}
