/** Elements in a line. */
type Child = Node | string | null | false;

/** Attributes: true stands without a value, false and null are left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | null> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** New content, without throwing out whoever stood in it: the focus goes to what has the same `data-at`. */
export function fill(target: Element, ...children: readonly Child[]): void {
  const stood = target.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["at"] : undefined;
  target.replaceChildren(...(children.filter((child) => child !== null && child !== false) as (Node | string)[]));
  if (stood !== undefined) target.querySelector<HTMLElement>(`[data-at="${CSS.escape(stood)}"]`)?.focus({ preventScroll: true });
}
