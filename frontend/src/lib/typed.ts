/** Scripts come after the page. What a person has typed into a search box by then is looked for too. */
export function lookForTyped(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLInputElement>("input[type=search][hx-get]")) {
    if (box.value !== box.defaultValue) box.dispatchEvent(new Event("search", { bubbles: true }));
  }
}
