/** Whether a key belongs to a field that somebody writes in, to an open window, or to the browser. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    event.ctrlKey ||
    event.metaKey ||
    document.querySelector('[role="dialog"]') !== null
  );
}
