/** The nonce under which this page may add styles; the server writes a new one into each document. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** Libraries that make <style> elements themselves get the nonce too (the scroll lock of dialogs, for one). */
export function nonceOwnStyles(): void {
  const create = document.createElement.bind(document);
  const value = (tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (tag.toLowerCase() === 'style') element.setAttribute('nonce', nonce);
    return element;
  };
  Object.defineProperty(document, 'createElement', { value, configurable: true, writable: true });
}
