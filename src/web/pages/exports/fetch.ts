/** Lets the browser download the file: nothing of it is kept by the page, and a refusal does not take the page's place. */
export function fetchExport(exportId: string): void {
  const link = document.createElement('a');
  link.href = `/api/exports/${encodeURIComponent(exportId)}/file.xlsx`;
  link.download = '';
  link.click();
}
