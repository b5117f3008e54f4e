export function pageOf(_: unknown): string {
  return '';
}
