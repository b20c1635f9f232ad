export function Portfolios() {
  return null;
}
